import type { AddInstruction, CopyInstruction, CopySource, Heredoc, Word } from './ast.ts';
import { error, warning } from './finding.ts';
import { heredocMarker } from './heredoc.ts';
import { flagsOf, jsonOrWords, refuse, type Statement } from './statement.ts';

interface Paths {
  readonly sources: readonly CopySource[];
  readonly destination: Word;
}

/** `COPY [flags] source... destination`. */
export function readCopy(statement: Statement): CopyInstruction | undefined {
  const flags = flagsOf(statement, {
    from: 'value',
    chown: 'value',
    chmod: 'value',
    link: 'switch',
    parents: 'switch',
    exclude: 'list',
  });
  const paths = readPaths(statement, 'COPY');
  if (flags === undefined || paths === undefined) return undefined;
  const from = flags.value('from');
  if (from !== undefined && /[$'"]/.test(from.text)) return refuseVariable(statement, from);
  return {
    keyword: 'COPY',
    ...statement.base,
    ...paths,
    ...(from && from.text !== '' && { from }),
    ...optional('chown', flags.value('chown')),
    ...optional('chmod', flags.value('chmod')),
    link: flags.isOn('link') ?? false,
    parents: flags.isOn('parents') ?? false,
    excludes: flags.list('exclude'),
  };
}

function refuseVariable(statement: Statement, from: Word): undefined {
  const message =
    'COPY --from cannot hold a variable. Name a stage instead: write FROM <image with variable> AS <name> above, and use --from=<name>.';
  statement.report(error('variable-in-from', from.range, message));
}

/** `ADD [flags] source... destination`. */
export function readAdd(statement: Statement): AddInstruction | undefined {
  const flags = flagsOf(statement, {
    chown: 'value',
    chmod: 'value',
    link: 'switch',
    exclude: 'list',
    checksum: 'value',
    'keep-git-dir': 'switch',
    unpack: 'switch',
  });
  const paths = readPaths(statement, 'ADD');
  if (flags === undefined || paths === undefined) return undefined;
  const keepGitDir = flags.isOn('keep-git-dir');
  const unpack = flags.isOn('unpack');
  return {
    keyword: 'ADD',
    ...statement.base,
    ...paths,
    ...optional('chown', flags.value('chown')),
    ...optional('chmod', flags.value('chmod')),
    ...optional('checksum', flags.value('checksum')),
    link: flags.isOn('link') ?? false,
    excludes: flags.list('exclude'),
    ...(keepGitDir !== undefined && { keepGitDir }),
    ...(unpack !== undefined && { unpack }),
  };
}

function optional<K extends string>(key: K, word: Word | undefined): { [P in K]?: Word } {
  return word === undefined || word.text === '' ? {} : ({ [key]: word } as { [P in K]: Word });
}

function readPaths(statement: Statement, keyword: string): Paths | undefined {
  const words = jsonOrWords(statement);
  if (words === undefined) return undefined;
  const destination = words.at(-1);
  if (destination === undefined || words.length < 2) {
    const missing =
      destination === undefined
        ? 'a source and a destination'
        : `a destination behind ${destination.text}`;
    return refuse(statement, 'missing-argument', `${keyword} needs ${missing}.`);
  }
  if (heredocMarker(destination.text) !== undefined) {
    const message = `A here-document cannot be the destination of ${keyword}. Write the path behind it.`;
    statement.report(error('heredoc-destination', destination.range, message));
    return undefined;
  }
  const isBrokenJson = words[0]?.text.startsWith('["') === true;
  if (!isBrokenJson) warnBackslashes(statement, words);
  const sources = words.slice(0, -1).map(word => sourceOf(word, statement));
  warnDetachedHeredoc(statement, words);
  return { sources, destination };
}

/** `COPY << EOF x` reads a here-document and then copies two files named `<<` and `EOF`. */
function warnDetachedHeredoc({ heredocs, report }: Statement, words: readonly Word[]): void {
  const marker = words.find(word => /^\d*<<-?$/.test(word.text));
  if (marker === undefined || heredocs.length === 0) return;
  const message = `The delimiter must follow ${marker.text} directly: ${marker.text}${heredocs[0]?.name}. With the space, both words are names of files.`;
  report(warning('detached-heredoc', marker.range, message));
}

function sourceOf(word: Word, statement: Statement): CopySource {
  const marker = heredocMarker(word.text);
  // As in BuildKit, a name that stands for several here-documents means the last of them.
  const heredoc = marker && statement.heredocs.findLast((one: Heredoc) => one.name === marker.name);
  return heredoc === undefined ? { kind: 'path', path: word } : { kind: 'heredoc', heredoc, word };
}

/**
 * With the default escape character, `C:\app` reaches the builder as `C:app`. That is legal and hardly ever meant,
 * so each such path is named.
 */
export function warnBackslashes({ escape, report }: Statement, words: readonly Word[]): void {
  if (escape !== '\\') return;
  for (const { text, range } of words) {
    // A doubled backslash stands for one, and `\$` and escaped quotes are meant.
    const lost = /\\[^$"'\s]/.test(text.replaceAll('\\\\', ''));
    if (!lost) continue;
    const fixed = text.replace(/\\+/g, '/');
    report(
      warning(
        'backslash-escapes',
        range,
        `The backslash is the escape character here, so ${text} loses its backslashes. Write ${fixed}, or put # escape=\` on the first line.`,
        sameLength(text, range)
          ? { title: `Write ${fixed}`, edits: [{ range, newText: fixed }] }
          : undefined,
      ),
    );
  }
}

/** Only a word that stands in the file as it is may be replaced as a whole (not one from a JSON array). */
function sameLength(text: string, { start, end }: Word['range']): boolean {
  return start.line === end.line && end.character - start.character === text.length;
}
