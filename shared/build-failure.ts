import type { SourceRange } from './source-range.ts';

/** What goes wrong with Dockerfiles and while images are built. */
export type BuildFailure =
  | {
      readonly code: 'dockerfile-invalid';
      readonly file: string;
      readonly problems: readonly { readonly range: SourceRange; readonly message: string }[];
    }
  /** A COPY or ADD source that is not there; `from` says where it was looked for. */
  | {
      readonly code: 'source-missing';
      readonly source: string;
      readonly from: string;
      /** Set where `.dockerignore` leaves the source out. */
      readonly ignored?: true;
    }
  /** A file to be copied that cannot or must not be: it leaves its root, changed while read, has no Windows name, ... */
  | { readonly code: 'source-refused'; readonly path: string; readonly problem: string }
  | { readonly code: 'destination-refused'; readonly path: string; readonly problem: string }
  /** A pattern of COPY, `--exclude` or `.dockerignore` that cannot be matched. */
  | { readonly code: 'pattern-invalid'; readonly pattern: string; readonly file?: string }
  | { readonly code: 'unpack-failed'; readonly path: string; readonly problem: string }
  | { readonly code: 'download-failed'; readonly url: string; readonly problem: string }
  | { readonly code: 'git-failed'; readonly url: string; readonly problem: string }
  | { readonly code: 'base-missing'; readonly reference: string }
  | { readonly code: 'base-unusable'; readonly reference: string; readonly problem: string }
  /** RUN where nothing can run it; `trigger` is set where the base brought it by ONBUILD. */
  | {
      readonly code: 'run-needs-windows';
      readonly file: string;
      readonly range: SourceRange;
      readonly trigger?: { readonly base: string; readonly text: string };
    }
  | {
      readonly code: 'step-failed';
      readonly file: string;
      readonly range: SourceRange;
      readonly message: string;
      readonly advice?: string;
    };

type Wording = {
  readonly [C in BuildFailure['code']]: (failure: Extract<BuildFailure, { code: C }>) => {
    readonly message: string;
    readonly advice?: string;
  };
};

export const buildWording: Wording = {
  'dockerfile-invalid': ({ file, problems }) => ({
    message: problems.map(p => placed(file, p.range, p.message)).join('\n'),
  }),
  'source-missing': ({ source, from, ignored }) => ({
    message: `"${source}" is not in ${from}.`,
    advice: ignored
      ? 'It exists, but .dockerignore leaves it out.'
      : 'Check the spelling (upper and lower case count) and that the path is relative to the root it is copied from.',
  }),
  'source-refused': ({ path, problem }) => ({ message: `"${path}" cannot be copied: ${problem}` }),
  'destination-refused': ({ path, problem }) => ({
    message: `Cannot write to "${path}" in the image: ${problem}`,
  }),
  'pattern-invalid': ({ pattern, file }) => ({
    message: `${file === undefined ? '' : `${file}: `}"${pattern}" is not a pattern that can be matched.`,
    advice: 'Close every "[", and put something behind "!" and before "-" in a class.',
  }),
  'unpack-failed': ({ path, problem }) => ({ message: `"${path}" cannot be unpacked: ${problem}` }),
  'download-failed': ({ url, problem }) => ({ message: `Cannot download ${url}: ${problem}` }),
  'git-failed': ({ url, problem }) => ({ message: `Cannot get ${url} with git: ${problem}` }),
  'base-missing': ({ reference }) => ({
    message: `The base image ${reference} is not in the store.`,
    advice:
      'Pull it with "layerwright pull", bring it in with "layerwright load <archive or layout folder>", or use one of the sample bases that "layerwright images" lists.',
  }),
  'base-unusable': ({ reference, problem }) => ({
    message: `${reference} cannot be the base of a Windows image: ${problem}`,
  }),
  'run-needs-windows': ({ file, range, trigger }) => ({
    message: placed(
      file,
      range,
      trigger === undefined
        ? 'RUN needs a Windows machine; the portable backend only copies files and sets metadata.'
        : `the base ${trigger.base} has the trigger "ONBUILD ${trigger.text}", which needs a Windows machine.`,
    ),
    advice:
      'Build on Windows with the hcs backend (--backend hcs), or do the work before the build and COPY its result.',
  }),
  'step-failed': ({ file, range, message, advice }) => ({
    message: placed(file, range, message),
    ...(advice === undefined ? {} : { advice }),
  }),
};

function placed(file: string, range: SourceRange, message: string): string {
  return `${file}:${range.start.line + 1}:${range.start.character + 1}: ${message}`;
}
