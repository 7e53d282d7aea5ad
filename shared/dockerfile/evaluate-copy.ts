import type { AddInstruction, CopyInstruction, CopySource, Heredoc, Word } from './ast.ts';
import { resolveDestination } from './evaluate-workdir.ts';
import type { Evaluation, Evaluator } from './evaluation.ts';
import { expand } from './expand.ts';
import { heredocText } from './heredoc.ts';
import type { AddStep, CopyStep, InlineFile, StepSource } from './resolved-step.ts';
import { resolveSource, type StageSource } from './stage-source.ts';

type Instruction = CopyInstruction | AddInstruction;

/** COPY and ADD. The history shows the values, not the flags that leave the files alone (as in BuildKit). */
export function evaluateCopyOrAdd(instruction: Instruction, evaluator: Evaluator): Evaluation {
  const chown = instruction.chown && evaluator.value(instruction.chown);
  const chmod = instruction.chmod && evaluator.value(instruction.chmod);
  const sources = instruction.sources.map(source => sourceOf(instruction, source, evaluator));
  const destination = resolveDestination(
    evaluator,
    evaluator.value(instruction.destination),
    instruction.destination.range,
  );
  if (chown) checkChown(instruction, chown, evaluator);
  if (chmod) checkChmod(instruction, chmod, evaluator);
  const common = {
    sources,
    destination,
    ...(chown && { chown }),
    ...(chmod && { chmod }),
    link: instruction.link,
    excludes: instruction.excludes.map(({ text }) => text.replaceAll('\\', '/')),
  };
  const step =
    instruction.keyword === 'COPY'
      ? copyStep(instruction, common, evaluator)
      : addStep(instruction, common, evaluator);
  const shown = [
    instruction.keyword,
    ...(instruction.keyword === 'COPY' && instruction.parents ? ['--parents'] : []),
    ...(chown ? [`--chown=${chown}`] : []),
    ...(chmod ? [`--chmod=${chmod}`] : []),
    ...sources.map(shownSource),
    destination.written,
  ];
  return evaluator.finish(shown.join(' '), {}, step);
}

type Common = Omit<CopyStep, 'kind' | 'parents' | 'from'>;

function copyStep(instruction: CopyInstruction, common: Common, evaluator: Evaluator): CopyStep {
  const from = instruction.from && fromOf(instruction.from, evaluator);
  return { kind: 'copy', ...common, ...(from && { from }), parents: instruction.parents };
}

function fromOf(word: Word, evaluator: Evaluator): StageSource | undefined {
  const { scope, index } = evaluator.state.context;
  const result = resolveSource(scope, index, word.text, 'copy');
  if (result.ok) return result.source;
  evaluator.fail('bad-source', word.range, result.problem);
  return undefined;
}

function addStep(instruction: AddInstruction, common: Common, evaluator: Evaluator): AddStep {
  const { keepGitDir, unpack } = instruction;
  const checksum = instruction.checksum && evaluator.value(instruction.checksum);
  if (instruction.checksum && checksum)
    checkChecksum(instruction.checksum, checksum, common.sources, evaluator);
  return {
    kind: 'add',
    ...common,
    ...(checksum && { checksum }),
    ...(keepGitDir !== undefined && { keepGitDir }),
    ...(unpack !== undefined && { unpack }),
  };
}

function checkChecksum(
  word: Word,
  checksum: string,
  sources: readonly StepSource[],
  evaluator: Evaluator,
): void {
  const [source] = sources;
  if (sources.length !== 1 || (source?.kind !== 'http' && source?.kind !== 'git')) {
    evaluator.fail(
      'bad-checksum',
      word.range,
      '--checksum needs exactly one source, an http(s) or Git URL.',
    );
    return;
  }
  const isRight =
    source.kind === 'git'
      ? /^[0-9a-f]{7,64}$/i.test(checksum)
      : /^sha256:[0-9a-f]{64}$/.test(checksum);
  if (isRight) return;
  const wanted =
    source.kind === 'git' ? 'the commit in hex digits' : 'sha256: and 64 hex digits in lower case';
  evaluator.fail(
    'bad-checksum',
    word.range,
    `--checksum of this source must be ${wanted}, not ${checksum}.`,
  );
}

function sourceOf(instruction: Instruction, source: CopySource, evaluator: Evaluator): StepSource {
  if (source.kind === 'heredoc')
    return { kind: 'inline', file: inlineFile(source.heredoc, source.word, evaluator) };
  const { range } = source.path;
  const text = evaluator.value(source.path);
  const kind = remoteKind(text);
  if (kind !== undefined) {
    if (instruction.keyword === 'COPY')
      evaluator.fail('remote-copy', range, `COPY cannot take ${text} from the network. Use ADD.`);
    return { kind, url: text };
  }
  const path = evaluator.isWindows ? text.replaceAll('\\', '/') : text;
  const [, drive, rest] = (evaluator.isWindows && /^([a-z]):(.*)$/i.exec(path)) || [];
  if (path.startsWith('//') || (drive !== undefined && drive.toUpperCase() !== 'C')) {
    const message = `${text} is not inside the source. Write a path relative to ${instruction.keyword === 'COPY' && instruction.from ? 'its root' : 'the build context'}.`;
    evaluator.fail('bad-path', range, message);
  }
  return { kind: 'path', path: rest ?? path };
}

/** Git sources are those of the forms that name one surely: git@, git://, ssh:// and http(s) paths that end in .git. */
function remoteKind(text: string): 'http' | 'git' | undefined {
  if (/^(?:git:\/\/|ssh:\/\/|git@[\w.-]+:)/.test(text)) return 'git';
  if (!/^https?:\/\//.test(text)) return undefined;
  const [address = ''] = text.split(/[?#]/, 1);
  return address.endsWith('.git') ? 'git' : 'http';
}

function inlineFile(heredoc: Heredoc, word: Word, evaluator: Evaluator): InlineFile {
  const text = heredocText(heredoc);
  if (!heredoc.expand) return { name: heredoc.name, content: text };
  const { variables } = evaluator.state;
  // BuildKit expands here-documents with the backslash as escape, whatever the directive says.
  const lookup = (name: string): string | undefined => variables.get(name);
  const result = expand(text, {
    escape: '\\',
    lookup,
    ignoreQuotes: true,
    limit: 16 * 1024 * 1024,
  });
  if (!result.ok) {
    evaluator.fail(
      'bad-substitution',
      heredoc.range,
      `${result.message} To copy the text as it is, quote the delimiter: <<"${heredoc.name}".`,
    );
    return { name: heredoc.name, content: '' };
  }
  evaluator.reportUnset(result.unset, heredoc.range);
  if (/\\[^\\$]/.test(text)) {
    evaluator.warn(
      'heredoc-backslash',
      word.range,
      `Backslashes in this here-document escape and are removed. Quote the delimiter to keep them: <<"${heredoc.name}".`,
    );
  }
  return { name: heredoc.name, content: result.value };
}

function shownSource(source: StepSource): string {
  switch (source.kind) {
    case 'path':
      return source.path;
    case 'inline':
      return `<<${source.file.name}`;
    case 'http':
    case 'git':
      return source.url;
  }
}

/** Accounts whose SIDs are the same in every Windows container, so that no container has to be asked. */
const knownAccount = /^(?:(?:User Manager\\)?Container(?:Administrator|User)|S-1-\d+(?:-\d+)+)$/i;

function checkChown({ chown }: Instruction, value: string, evaluator: Evaluator): void {
  if (!evaluator.isWindows || chown === undefined || knownAccount.test(value)) return;
  const message = `--chown=${value} cannot be resolved for Windows: only ContainerAdministrator, ContainerUser and SIDs such as S-1-5-32-544 are known without running the image.`;
  evaluator.fail('windows-chown', chown.range, message);
}

const symbolicMode =
  /^[ugoa]*(?:[-+=](?:[rwxXst]*|[ugo]))+(?:,[ugoa]*(?:[-+=](?:[rwxXst]*|[ugo]))+)*$/;

function checkChmod({ chmod }: Instruction, value: string, evaluator: Evaluator): void {
  if (chmod === undefined) return;
  if (!/^[0-7]{1,5}$/.test(value) && !symbolicMode.test(value)) {
    evaluator.fail(
      'bad-chmod',
      chmod.range,
      `--chmod must be an octal number from 0 to 07777 or such as u=rwX,go=rX, not ${value}.`,
    );
  } else if (evaluator.isWindows) {
    evaluator.warn(
      'windows-chmod',
      chmod.range,
      'Windows has no file modes, so --chmod has no effect. Remove it.',
    );
  }
}
