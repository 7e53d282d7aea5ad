import type { SourceRange } from '../source-range.ts';
import type { EscapeCharacter, Instruction } from './ast.ts';
import type { Report } from './finding.ts';
import { parseOnbuildTrigger } from './parse.ts';

/** Reads the triggers of a base. They stand in no file, so `range` (that of FROM) becomes their place. */
export function readTriggers(
  texts: readonly string[],
  { escape, range }: { readonly escape: EscapeCharacter; readonly range: SourceRange },
  report: Report,
): Instruction[] {
  return texts.flatMap(text => {
    const { instruction, findings } = parseOnbuildTrigger(text, escape);
    for (const { severity, rule, message } of findings) {
      if (severity === 'error')
        report({ severity, rule, range, message: `In the base's ONBUILD ${text}: ${message}` });
    }
    return instruction === undefined ? [] : [relocated(instruction, range)];
  });
}

/** A copy in which every range is `range`. */
function relocated<T>(value: T, range: SourceRange): T {
  const visit = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(visit);
    if (typeof part !== 'object' || part === null) return part;
    if ('start' in part && 'end' in part) return range;
    if ('text' in part && 'range' in part && !('keyword' in part)) return { ...part, range };
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, visit(inner)]));
  };
  return visit(value) as T;
}
