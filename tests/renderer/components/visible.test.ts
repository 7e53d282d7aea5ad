import { assert, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { visible } from '../../../renderer/components/visible.ts';

test.each([
  ['\u001b[31mred', '␛[31mred'],
  ['tab\there', 'tab␉here'],
  ['\u0000\u007f', '␀␡'],
  ['photo\u202egnp.exe', 'photo⟨U+202E⟩gnp.exe'],
  ['zero\u200bwidth\ufeff', 'zero⟨U+200B⟩width⟨U+FEFF⟩'],
  ['C1\u009b', 'C1⟨U+009B⟩'],
])('%j is shown as %s', (text, shown) => {
  expect(visible(text)).toBe(shown);
});

test('what is plain stays as it is, in any script', () => {
  const text = '<img onerror=alert(1)> Größe 大きさ 😀 C:\\Ünïcode';
  expect(visible(text)).toBe(text);
});

test('nothing that is shown has a control character in it', () => {
  assert(
    property(string({ unit: 'binary' }), text => {
      expect(visible(text)).not.toMatch(/\p{Cc}|\u202e|\u200f/u);
    }),
  );
});
