import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAnsi, plainText } from '../../../renderer/features/build-log/ansi.ts';

const esc = '\u001b';
const styleOf = (sgr: string) => parseAnsi(`${esc}[${sgr}mx`)[0]?.style;

describe('styles', () => {
  test('a line without escapes is one stretch without a style', () => {
    expect(parseAnsi('Restored app.csproj')).toEqual([{ text: 'Restored app.csproj', style: {} }]);
  });

  test.each([
    ['31', { ink: 'red' }],
    ['92', { ink: 'green' }],
    ['90', { ink: 'grey' }],
    ['37', {}],
    ['44', { paper: 'blue' }],
    ['105', { paper: 'magenta' }],
    ['1;4;7', { bold: true, underline: true, inverse: true }],
    ['2;3;9', { faint: true, italic: true, strike: true }],
    ['38;5;208', { ink: 'yellow' }],
    ['38;5;9', { ink: 'red' }],
    ['38;5;240', { ink: 'grey' }],
    ['38;2;80;160;255', { ink: 'blue' }],
    ['38:2:255:0:0', { ink: 'red' }],
    ['48;2;0;200;0', { paper: 'green' }],
    ['38;2;250;250;250', {}],
    ['31;1;0', {}],
    ['', {}],
    ['31;39', {}],
    ['1;22;4;24', {}],
    ['58;2;1;2;3;31', { ink: 'red' }],
    ['999', {}],
  ])('SGR %s is %o', (sgr, style) => {
    expect(styleOf(sgr)).toEqual(style);
  });

  test('a style lasts until it is taken back', () => {
    expect(parseAnsi(`a${esc}[31mb${esc}[1mc${esc}[0md`)).toEqual([
      { text: 'a', style: {} },
      { text: 'b', style: { ink: 'red' } },
      { text: 'c', style: { ink: 'red', bold: true } },
      { text: 'd', style: {} },
    ]);
  });
});

describe('escapes that are no style', () => {
  test.each([
    [
      'a link (OSC 8)',
      `${esc}]8;;https://evil.example/${esc}\\click${esc}]8;;${esc}\\ me`,
      'click me',
    ],
    ['a window title (OSC 0)', `${esc}]0;owned\u0007line`, 'line'],
    ['a string that never ends', `before${esc}]8;;https://evil.example`, 'before'],
    ['cursor and screen (CSI)', `a${esc}[2J${esc}[H${esc}[?25lb`, 'ab'],
    ['a device control string', `a${esc}Pq#0;2;0;0;0${esc}\\b`, 'ab'],
    ['C1 in one character', 'a\u009b31mb\u009d0;t\u0007c', 'abc'],
    ['a character set', `a${esc}(Bb`, 'ab'],
    ['two characters', `a${esc}7b${esc}8${esc}Mc`, 'abc'],
  ])('%s is left out', (_name, line, text) => {
    expect(plainText(line)).toBe(text);
  });

  test('control characters are made visible, tabs stay', () => {
    expect(plainText('a\u0007b\u0008c\u0000d\te')).toBe('a␇b␈c␀d\te');
  });

  test('marks that turn or hide text are made visible', () => {
    expect(plainText('\u202egnp.exe\u200b')).toBe('⟨U+202E⟩gnp.exe⟨U+200B⟩');
  });

  test('the carriage return of a Windows line is left out', () => {
    expect(plainText('done\r')).toBe('done');
    expect(plainText('10%\r20%')).toBe('10%␍20%');
  });

  test('no control character comes through, whatever the line', () => {
    const character = fc.constantFrom(
      esc,
      '[',
      ']',
      ';',
      'm',
      '\u0007',
      '\u009b',
      '8',
      'P',
      '\\',
      'x',
    );
    fc.assert(
      fc.property(fc.array(character, { maxLength: 60 }), characters => {
        expect(plainText(characters.join(''))).not.toMatch(/(?!\t)\p{Cc}/u);
      }),
    );
  });

  test('a long line of half escapes takes no long time', () => {
    const start = performance.now();
    parseAnsi(`${esc}[${'1;'.repeat(4000)}`);
    parseAnsi(`${esc}]`.repeat(4000));
    expect(performance.now() - start).toBeLessThan(500);
  });
});
