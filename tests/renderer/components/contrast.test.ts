import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync(new URL('../../../renderer/styles/tokens.css', import.meta.url), 'utf8');
const themes = ['light', 'dark', 'hc-light', 'hc-dark'];

function tokensOf(theme: string): Map<string, string> {
  const block = new RegExp(`\\[data-theme='${theme}'\\] \\{([^}]*)\\}`).exec(css)?.[1] ?? '';
  const tokens = [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)];
  return new Map(tokens.map(([, name = '', colour = '']) => [name, colour]));
}

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(at => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

const grounds = ['bg', 'bg-raised', 'bg-sunken', 'bg-overlay', 'bg-hover', 'bg-selected'];
const pairs: readonly (readonly [string, string, number])[] = [
  ...['text', 'text-muted'].flatMap(fore => grounds.map(back => [fore, back, 4.5] as const)),
  ...['bg', 'bg-raised', 'bg-sunken', 'bg-overlay'].map(back => ['text-faint', back, 4.5] as const),
  ...['accent-fg', 'ok-fg', 'warn-fg', 'bad-fg', 'note-fg'].flatMap(fore =>
    ['bg', 'bg-raised', 'bg-sunken', 'bg-overlay'].map(back => [fore, back, 4.5] as const),
  ),
  ...['accent', 'ok', 'warn', 'bad', 'note'].map(
    tone => [`${tone}-fg`, `${tone}-soft`, 4.5] as const,
  ),
  ['text', 'bad-soft', 4.5],
  ['text-muted', 'bad-soft', 4.5],
  ['on-accent', 'accent', 4.5],
  ['on-accent', 'accent-hover', 4.5],
  ['on-bad', 'bad', 4.5],
  ['on-bad', 'bad-hover', 4.5],
  ...['focus', 'border-control', 'origin-base', 'origin-update', 'origin-parent'].map(
    fore => [fore, 'bg', 3] as const,
  ),
];

describe.each(themes)('the %s theme', theme => {
  const tokens = tokensOf(theme);

  test.each(pairs)('has %s on %s with a contrast of at least %d', (fore, back, least) => {
    expect(contrast(tokens.get(fore) ?? '', tokens.get(back) ?? '')).toBeGreaterThanOrEqual(least);
  });

  test('has every colour that the others have', () => {
    expect([...tokens.keys()]).toEqual([...tokensOf('light').keys()]);
  });
});

test.each(['hc-light', 'hc-dark'])('text in %s has a contrast of at least 7', theme => {
  const tokens = tokensOf(theme);
  for (const fore of ['text', 'text-muted', 'text-faint', 'accent-fg', 'bad-fg']) {
    expect(contrast(tokens.get(fore) ?? '', tokens.get('bg') ?? '')).toBeGreaterThanOrEqual(7);
  }
});
