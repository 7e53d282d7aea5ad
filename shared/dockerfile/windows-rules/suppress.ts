import type { Finding } from '../finding.ts';
import { isComment } from '../logical-line.ts';
import { lineEnd, type Source } from '../source.ts';

const pattern = /^#\s*layerwright\s+ignore(-file)?\s*=\s*([\w,\s-]+)$/i;

/**
 * Drops what comments take back: `# layerwright ignore=rule,rule` in the comment lines above an instruction, and
 * `# layerwright ignore-file=rule,rule` anywhere. `all` stands for every rule.
 */
export function withoutSuppressed(
  findings: readonly Finding[],
  source: Source,
  instructionLines: readonly number[],
): Finding[] {
  const everywhere = new Set<string>();
  const byLine = new Map<number, string[]>();
  for (const line of source.lineStarts.keys()) {
    if (!isComment(source, line)) continue;
    const start = source.lineStarts[line] ?? 0;
    const [, file, names] =
      pattern.exec(source.text.slice(start, lineEnd(source, line)).trim()) ?? [];
    if (names === undefined) continue;
    const rules = names.split(',').map(name => name.trim().toLowerCase());
    if (file !== undefined) rules.forEach(rule => everywhere.add(rule));
    else byLine.set(line, rules);
  }
  if (everywhere.size === 0 && byLine.size === 0) return [...findings];
  const isOff = (rules: { has(rule: string): boolean }, rule: string) =>
    rules.has('all') || rules.has(rule);
  return findings.filter(({ rule, range }) => {
    if (isOff(everywhere, rule)) return false;
    const start = instructionLines.findLast(line => line <= range.start.line) ?? range.start.line;
    return !isOff(new Set(rulesAbove(source, start, byLine)), rule);
  });
}

function rulesAbove(
  source: Source,
  start: number,
  byLine: ReadonlyMap<number, readonly string[]>,
): string[] {
  const rules: string[] = [];
  for (let line = start - 1; line >= 0 && isComment(source, line); line--)
    rules.push(...(byLine.get(line) ?? []));
  return rules;
}
