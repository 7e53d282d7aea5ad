import { describe, expect, test } from 'vitest';
import { ariaKeys, keyCaps, matchesKeys } from '../../../renderer/components/keys.ts';

function press(key: string, held: string[] = [], code = '') {
  return {
    key,
    code,
    ctrlKey: held.includes('ctrl'),
    metaKey: held.includes('meta'),
    altKey: held.includes('alt'),
    shiftKey: held.includes('shift'),
  };
}

describe('a key press is a combination', () => {
  test('when key and modifiers are the same', () => {
    expect(matchesKeys(press('P', ['ctrl', 'shift']), 'Mod+Shift+P', false)).toBe(true);
    expect(matchesKeys(press('p', ['ctrl']), 'Mod+Shift+P', false)).toBe(false);
    expect(matchesKeys(press('P', ['ctrl', 'shift', 'alt']), 'Mod+Shift+P', false)).toBe(false);
    expect(matchesKeys(press('F1'), 'F1', false)).toBe(true);
  });

  test('with Cmd on macOS and Ctrl elsewhere', () => {
    expect(matchesKeys(press('b', ['meta']), 'Mod+B', true)).toBe(true);
    expect(matchesKeys(press('b', ['ctrl']), 'Mod+B', true)).toBe(false);
    expect(matchesKeys(press('b', ['meta']), 'Mod+B', false)).toBe(false);
  });

  test('by the place of the key where Alt changes the letter', () => {
    expect(matchesKeys(press('≈', ['meta', 'alt'], 'KeyX'), 'Mod+Alt+X', true)).toBe(true);
    expect(matchesKeys(press('&', ['alt'], 'Digit1'), 'Alt+1', false)).toBe(true);
  });

  test('by the symbol, whether or not the keyboard needs Shift for it', () => {
    expect(matchesKeys(press('?', ['shift']), '?', false)).toBe(true);
    expect(matchesKeys(press('/', ['ctrl', 'shift']), 'Mod+/', false)).toBe(true);
    expect(matchesKeys(press('+', ['ctrl']), 'Mod++', false)).toBe(true);
  });
});

test('the caps are those of the platform', () => {
  expect(keyCaps('Mod+Shift+P', false)).toEqual(['Ctrl', 'Shift', 'P']);
  expect(keyCaps('Mod+Shift+P', true)).toEqual(['⌘', '⇧', 'P']);
  expect(keyCaps('Mod++', false)).toEqual(['Ctrl', '+']);
  expect(keyCaps('ArrowUp', false)).toEqual(['↑']);
});

test('assistive technology is told in the words of WAI-ARIA', () => {
  expect(ariaKeys('Mod+B', false)).toBe('Control+B');
  expect(ariaKeys('Mod+B', true)).toBe('Meta+B');
});
