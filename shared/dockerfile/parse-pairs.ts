import { isSecretName } from './secret-names.ts';
import type {
  ArgInstruction,
  EnvInstruction,
  Instruction,
  LabelInstruction,
  Pair,
  Word,
} from './ast.ts';
import { isWordGap, skip } from './characters.ts';
import { error, replaceWith, warning } from './finding.ts';
import { flagsOf, refuse, restOf, warnFlags, type Statement } from './statement.ts';
import { wordIn, type LineWord } from './logical-line.ts';
import { quotedWords } from './words.ts';

/** `ENV name=value ...`, or the old `ENV name value`. */
export function readEnv(statement: Statement): EnvInstruction | undefined {
  const pairs = readPairs(statement, 'ENV');
  return pairs && { keyword: 'ENV', ...statement.base, pairs };
}

/** `LABEL name=value ...`, or the old `LABEL name value`. */
export function readLabel(statement: Statement): LabelInstruction | undefined {
  const pairs = readPairs(statement, 'LABEL');
  return pairs && { keyword: 'LABEL', ...statement.base, pairs };
}

function readPairs(statement: Statement, keyword: 'ENV' | 'LABEL'): readonly Pair[] | undefined {
  if (flagsOf(statement, {}) === undefined) return undefined;
  const words = quotedWords(statement.line, statement.from, statement.escape);
  const [first] = words;
  if (first === undefined) {
    return refuse(statement, 'missing-argument', `${keyword} needs at least one name=value.`);
  }
  return first.text.includes('=')
    ? modernPairs(statement, keyword, words)
    : legacyPair(statement, keyword);
}

function modernPairs(
  statement: Statement,
  keyword: string,
  words: readonly LineWord[],
): Pair[] | undefined {
  const pairs: Pair[] = [];
  for (const word of words) {
    const pair = splitPair(word);
    if (pair === undefined || pair.name.text === '') {
      statement.report(error('bad-pair', word.range, pairProblem(keyword, word, pair)));
      return undefined;
    }
    pairs.push(pair);
  }
  return pairs;
}

function pairProblem(keyword: string, word: Word, pair: Pair | undefined): string {
  if (pair !== undefined) return `A name must stand before the = in ${keyword}.`;
  return `${word.text} is no name=value. Put values with spaces in double quotes.`;
}

/** The name and the value around the first `=`. */
function splitPair(word: LineWord): Pair | undefined {
  const equals = word.text.indexOf('=');
  if (equals < 0) return undefined;
  return { name: word.part(0, equals), value: word.part(equals + 1, word.text.length) };
}

function legacyPair(statement: Statement, keyword: string): Pair[] | undefined {
  const { line, from } = statement;
  const nameEnd = skip(line.text, from, code => !isWordGap(code));
  const valueStart = skip(line.text, nameEnd, isWordGap);
  const name = wordIn(line, from, nameEnd);
  if (valueStart >= line.text.length) {
    return refuse(
      statement,
      'bad-pair',
      `${keyword} needs a name and a value: ${keyword} ${name.text}=<value>.`,
    );
  }
  const value = wordIn(line, valueStart, line.text.length);
  const fixed = `${name.text}=${/[\s"'\\`]/.test(value.text) ? JSON.stringify(value.text) : value.text}`;
  const fix = /["'\\`]/.test(value.text)
    ? undefined
    : replaceWith(`Write ${name.text}=...`, restOf(statement).range, fixed);
  const message = `Write ${keyword} name=value; the form ${keyword} name value is old and takes only one pair.`;
  statement.report(warning('legacy-key-value-format', statement.base.range, message, fix));
  return [{ name, value }];
}

/** `ARG name[=default] ...`. */
export function readArg(statement: Statement): ArgInstruction | undefined {
  warnFlags(statement, 'ARG');
  const words = quotedWords(statement.line, statement.from, statement.escape);
  if (words.length === 0) {
    return refuse(statement, 'missing-argument', 'ARG needs at least one name.');
  }
  const found = words.map(word => splitPair(word) ?? { name: word });
  if (found.some(({ name }) => name.text === '')) {
    return refuse(statement, 'bad-pair', 'A name must stand before the = in ARG.');
  }
  return { keyword: 'ARG', ...statement.base, arguments: found };
}

export function warnSecrets(instruction: Instruction, report: Statement['report']): void {
  if (instruction.keyword !== 'ENV' && instruction.keyword !== 'ARG') return;
  const names = instruction.keyword === 'ENV' ? instruction.pairs : instruction.arguments;
  for (const { name } of names) {
    if (!isSecretName(name.text)) continue;
    const message = `${instruction.keyword} ${name.text} looks like a secret, and anyone who has the image can read it. Use RUN --mount=type=secret.`;
    report(warning('secrets-used-in-arg-or-env', name.range, message));
  }
}
