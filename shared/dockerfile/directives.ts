import type { Directive, EscapeCharacter } from './ast.ts';
import { isSpace, skip } from './characters.ts';
import { error, info, warning, type Report } from './finding.ts';
import { contentStart, isComment } from './logical-line.ts';
import { lineEnd, rangeBetween, type Source } from './source.ts';

const pattern = /^([a-zA-Z][a-zA-Z0-9]*)([\t\n\f\r ]*=[\t\n\f\r ]*)(\S(?:.*\S)?)[\t\n\f\r ]*$/;

interface Directives {
  readonly directives: readonly Directive[];
  readonly escape: EscapeCharacter;
  /** The first physical line that is no directive. */
  readonly nextLine: number;
}

/**
 * Reads the parser directives: known ones, at the very top, each once. The first line that is none of them ends
 * the block, and later ones are comments (Dockerfile reference, "Parser directives").
 */
export function readDirectives(source: Source, report: Report): Directives {
  const directives: Directive[] = [];
  let escape: EscapeCharacter = '\\';
  let line = 0;
  for (; line < source.lineStarts.length; line++) {
    const directive = directiveAt(source, line);
    if (directive === undefined) break;
    if (directives.some(seen => seen.name === directive.name)) {
      report(error('duplicate-directive', directive.range, duplicateText(directive.name)));
      continue;
    }
    directives.push(directive);
    if (directive.name === 'escape') escape = escapeOf(directive, report);
  }
  reportLateDirective(source, line, report);
  return { directives, escape, nextLine: line };
}

function duplicateText(name: string): string {
  return `Only one ${name} directive is allowed. Remove this line.`;
}

function directiveAt(source: Source, line: number): Directive | undefined {
  const start = contentStart(source, line);
  if (source.text[start] !== '#') return undefined;
  const from = skip(source.text, start + 1, code => code !== 10 && isSpace(code));
  const match = pattern.exec(source.text.slice(from, lineEnd(source, line)));
  const [, written = '', equals = '', text = ''] = match ?? [];
  const name = written.toLowerCase();
  if (name !== 'escape' && name !== 'syntax' && name !== 'check') return undefined;
  const valueStart = from + written.length + equals.length;
  const end = valueStart + text.length;
  return {
    name,
    value: { text, range: rangeBetween(source, valueStart, end) },
    range: rangeBetween(source, start, end),
  };
}

function escapeOf(directive: Directive, report: Report): EscapeCharacter {
  const { text, range } = directive.value;
  if (text === '\\' || text === '`') return text;
  report(error('invalid-escape', range, `The escape character must be \\ or \`, not ${text}.`));
  return '\\';
}

/** An escape directive below other lines is a comment for Docker: that surprises, so it is said once. */
function reportLateDirective(source: Source, from: number, report: Report): void {
  const last = Math.min(source.lineStarts.length, from + 50);
  for (let line = from; line < last; line++) {
    if (contentStart(source, line) === lineEnd(source, line)) continue;
    if (!isComment(source, line)) return;
    const directive = directiveAt(source, line);
    if (directive === undefined) continue;
    const message = `This ${directive.name} directive has no effect: directives count only at the top of the file, before any comment and empty line. Move it to line 1.`;
    const make = directive.name === 'escape' ? warning : info;
    report(make('late-directive', directive.range, message));
  }
}
