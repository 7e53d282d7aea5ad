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
  /** The hcs backend is needed, and this machine cannot run containers. */
  | {
      readonly code: 'hcs-unavailable';
      /** The RUN that needs it. */
      readonly place?: { readonly file: string; readonly range: SourceRange };
      readonly problems: readonly { readonly problem: string; readonly remedy?: string }[];
    }
  /** A RUN that asks for what Windows containers do not have. */
  | {
      readonly code: 'run-refused';
      readonly file: string;
      readonly range: SourceRange;
      readonly problem: string;
      readonly advice?: string;
    }
  /** The program of a RUN failed. `exitCode` is an unsigned 32-bit number; `lastLines` what it said last. */
  | {
      readonly code: 'run-failed';
      readonly exitCode: number;
      readonly meaning?: string;
      readonly advice?: string;
      readonly lastLines: readonly string[];
    }
  | { readonly code: 'run-timeout'; readonly seconds: number }
  | { readonly code: 'secret-unusable'; readonly secretId: string; readonly problem: string }
  /** No failed step of this build was kept. */
  | { readonly code: 'kept-missing'; readonly buildId: string }
  /** Somebody has a shell open in it. */
  | { readonly code: 'kept-busy'; readonly buildId: string }
  /** A shared cache that is damaged, or something else; `place` as in the options. */
  | { readonly code: 'cache-invalid'; readonly place: string; readonly problem: string }
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
  'hcs-unavailable': ({ place, problems }) => {
    const text = `RUN cannot run here. ${problems.map(({ problem }) => problem).join(' ')}`;
    const remedies = problems.flatMap(({ remedy }) => remedy ?? []);
    return {
      message: place === undefined ? text : placed(place.file, place.range, text),
      advice: remedies.length > 0 ? remedies.join(' ') : 'Run "layerwright doctor".',
    };
  },
  'run-refused': ({ file, range, problem, advice }) => ({
    message: placed(file, range, problem),
    ...(advice === undefined ? {} : { advice }),
  }),
  'run-failed': ({ exitCode, meaning, advice, lastLines }) => ({
    message: [
      `The program ended with exit code ${exitCodeText(exitCode)}${meaning === undefined ? '.' : `: ${meaning}.`}`,
      ...(lastLines.length === 0 ? [] : ['It said last:', ...lastLines.map(line => `  ${line}`)]),
    ].join('\n'),
    ...(advice === undefined ? {} : { advice }),
  }),
  'run-timeout': ({ seconds }) => ({
    message: `The program was ended: it took longer than the limit of ${seconds} s.`,
    advice:
      'Raise the limit with --run-timeout. A program that waits for a person never ends: installers need their option for silent work.',
  }),
  'secret-unusable': ({ secretId, problem }) => ({
    message: `The secret "${secretId}" cannot be used: ${problem}`,
    advice: `Give it with --secret id=${secretId},src=<file> or --secret id=${secretId},env=<variable>.`,
  }),
  'cache-invalid': ({ place, problem }) => ({
    message: `The cache ${place} cannot be used: ${problem}.`,
    advice: 'Give caches a name or a folder of their own; write it anew with --cache-to.',
  }),
  'kept-missing': ({ buildId }) => ({
    message: `No failed step of the build ${buildId} was kept.`,
    advice: 'Build again with --keep-failed, then the failed RUN stays as it was.',
  }),
  'kept-busy': ({ buildId }) => ({
    message: `The kept step of the build ${buildId} is in use.`,
    advice: 'Close the shell that is open in it, then try again.',
  }),
  'step-failed': ({ file, range, message, advice }) => ({
    message: placed(file, range, message),
    ...(advice === undefined ? {} : { advice }),
  }),
};

/** NTSTATUS codes and HRESULTs are known by their hex form. */
function exitCodeText(exitCode: number): string {
  if (exitCode < 0x1_0000) return String(exitCode);
  return `0x${exitCode.toString(16).toUpperCase().padStart(8, '0')} (${exitCode | 0})`;
}

function placed(file: string, range: SourceRange, message: string): string {
  return `${file}:${range.start.line + 1}:${range.start.character + 1}: ${message}`;
}
