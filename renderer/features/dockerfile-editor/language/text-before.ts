import type { Position } from '../../../../shared/source-range.ts';
import type { Analysis } from './analysis.ts';

/** What stands before a position in its instruction, continuation lines joined. */
export function textBefore(
  { text, dockerfile }: Pick<Analysis, 'text' | 'dockerfile'>,
  { line, character }: Position,
): string {
  const lines = text.split('\n', line + 1);
  const mark = dockerfile.escape === '`' ? /`\s*$/ : /\\\s*$/;
  let joined = (lines[line] ?? '').slice(0, character);
  for (let above = line - 1; above >= 0 && mark.test(lines[above] ?? ''); above--) {
    joined = (lines[above] ?? '').replace(mark, '') + joined;
  }
  return joined;
}
