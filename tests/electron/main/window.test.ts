import { expect, test } from 'vitest';
import { createCrashBreaker } from '../../../electron/main/crash-breaker.ts';
import { isExternalLink } from '../../../electron/main/external-links.ts';
import { fittingBounds } from '../../../electron/main/window-state.ts';

test('gives up at the third crash within a minute, and forgets older ones', () => {
  let time = 0;
  const breaker = createCrashBreaker(() => time);
  const answers = [0, 20_000, 61_000, 62_000, 200_000].map(at => {
    time = at;
    return breaker();
  });
  expect(answers).toEqual(['reload', 'reload', 'reload', 'give-up', 'reload']);
});

const display = { x: 0, y: 0, width: 1920, height: 1040 };
const second = { x: 1920, y: 0, width: 1280, height: 1024 };
const kept = { x: 2000, y: 100, width: 900, height: 700, maximized: false };

test('puts the window back where it was', () => {
  expect(fittingBounds(kept, [display, second])).toEqual({
    x: 2000,
    y: 100,
    width: 900,
    height: 700,
  });
});

test.each([
  ['on a display that was unplugged', kept],
  ['above the display', { ...kept, x: 0, y: -500 }],
])('does not put the window back %s', (_, state) => {
  expect(fittingBounds(state, [display])).toEqual({ width: 900, height: 700 });
});

test('makes a window of absurd size usable', () => {
  expect(fittingBounds({ ...kept, x: 0, width: 1, height: 1 }, [display])).toMatchObject({
    width: 720,
    height: 480,
  });
});

test('opens links to known documentation only', () => {
  const links = [
    'https://learn.microsoft.com/x',
    'http://learn.microsoft.com/x',
    'https://learn.microsoft.com.evil.example/',
    'https://learn.microsoft.com@evil.example/',
    'https://learn.microsoft.com:8443/',
    'file:///etc/passwd',
    'ms-settings:privacy',
    'javascript:alert(1)',
    '',
  ];
  expect(links.filter(isExternalLink)).toEqual(['https://learn.microsoft.com/x']);
});
