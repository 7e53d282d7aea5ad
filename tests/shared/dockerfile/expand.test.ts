import { describe, expect, test } from 'vitest';
import { expand } from '../../../shared/dockerfile/expand.ts';

const values = new Map([
  ['NAME', 'world'],
  ['FILE', 'archive.tar.gz'],
  ['DIR', '/usr/local/bin'],
  ['WIN', 'C:\\app\\bin'],
  ['EMPTY', ''],
  ['SPACED', 'a  b'],
  ['größe', 'XL'],
]);

function expanded(text: string, escape: '\\' | '`' = '\\'): string {
  const result = expand(text, { escape, lookup: name => values.get(name) });
  return result.ok ? result.value : `error at ${result.offset}: ${result.message}`;
}

describe('a variable is replaced by its value', () => {
  test.each([
    ['$NAME', 'world'],
    ['${NAME}', 'world'],
    ['a$NAME.b', 'aworld.b'],
    ['$NAMES', ''],
    ['${NAME}S', 'worldS'],
    ['$größe', 'XL'],
    ['$1NAME', 'NAME'],
    ['$$', ''],
    ['$', '$'],
    ['$.', '$.'],
    ['100%', '100%'],
    ['😀$NAME😀', '😀world😀'],
  ])('%j is %j', (text, value) => expect(expanded(text)).toBe(value));
});

describe('a modifier decides what stands for an unset or empty value', () => {
  test.each([
    ['${NONE:-x}', 'x'],
    ['${NONE-x}', 'x'],
    ['${EMPTY:-x}', 'x'],
    ['${EMPTY-x}', ''],
    ['${NAME:-x}', 'world'],
    ['${NONE:+x}', ''],
    ['${EMPTY:+x}', ''],
    ['${EMPTY+x}', 'x'],
    ['${NAME:+x}', 'x'],
    ['${NAME?}', 'world'],
    ['${EMPTY?}', ''],
    ['${NONE:-${EMPTY:-$NAME}}', 'world'],
    ['${NONE:-"a b"}', 'a b'],
    ['${NONE:-\\}}', '}'],
    ['${NONE?}', 'error at 0: NONE: is not set'],
    ['${EMPTY:?}', 'error at 0: EMPTY: is empty'],
    ['x${NONE:?give it}', 'error at 1: NONE: give it'],
  ])('%j is %j', (text, value) => expect(expanded(text)).toBe(value));
});

describe('a pattern takes a part away or replaces it', () => {
  test.each([
    ['${FILE#*.}', 'tar.gz'],
    ['${FILE##*.}', 'gz'],
    ['${FILE%.*}', 'archive.tar'],
    ['${FILE%%.*}', 'archive'],
    ['${FILE#???}', 'hive.tar.gz'],
    ['${FILE#nothing}', 'archive.tar.gz'],
    ['${FILE%}', 'archive.tar.gz'],
    ['${DIR#/usr}', '/local/bin'],
    ['${DIR/local/share}', '/usr/share/bin'],
    ['${DIR/\\/usr/}', '/local/bin'],
    ['${DIR//\\//:}', ':usr:local:bin'],
    ['${DIR/*\\//x}', 'xbin'],
    ['${FILE//a/}', 'rchive.tr.gz'],
    ['${FILE//./..}', 'archive..tar..gz'],
    ['${NONE#x}', ''],
    ['${NONE/x/y}', ''],
    ['${WIN##*\\\\}', 'bin'],
    ['${NAME#$NAME}', ''],
  ])('%j is %j', (text, value) => expect(expanded(text)).toBe(value));

  test('with the backtick as escape, a slash is escaped by it', () => {
    expect(expanded('${DIR//`//-}', '`')).toBe('-usr-local-bin');
  });

  test('a pattern full of stars on a long value takes no more than a moment', () => {
    const long = 'a'.repeat(100_000);
    const result = expand(`\${A#${'*a'.repeat(50)}b}`, { escape: '\\', lookup: () => long });
    expect(result).toMatchObject({ ok: true, value: long });
  });
});

describe('quotes and escapes are removed', () => {
  test.each([
    [`'$NAME'`, '$NAME'],
    [`"$NAME"`, 'world'],
    [`"it's $NAME"`, `it's world`],
    [`'say "hi"'`, 'say "hi"'],
    ['\\$NAME', '$NAME'],
    ['"\\$NAME"', '$NAME'],
    ['a\\ b', 'a b'],
    ['C:\\app', 'C:app'],
    ['"C:\\app"', 'C:\\app'],
    ['C:\\\\app', 'C:\\app'],
    ['end\\', 'end'],
    ['"a\\"b"', 'a"b'],
    [`'a\\'`, 'a\\'],
  ])('%j is %j', (text, value) => expect(expanded(text)).toBe(value));

  test.each([
    ['C:\\app\\', 'C:\\app\\'],
    ['`$NAME', '$NAME'],
    ['"`$NAME"', '$NAME'],
    ['"C:\\$NAME"', 'C:\\world'],
    ['a` b', 'a b'],
    ["'`x'", '`x'],
    ['end`', 'end'],
  ])('with the backtick as escape %j is %j', (text, value) =>
    expect(expanded(text, '`')).toBe(value),
  );
});

describe('what cannot be expanded is refused with its place', () => {
  test.each([
    ['ab${NAME', 'error at 2: A } is missing.'],
    ['${}', 'error at 0: A variable name must follow ${.'],
    [
      '${NAME:=x}',
      'error at 0: ${NAME:=...} is not supported. Use :- - :+ + :? ? # ## % %% / or //.',
    ],
    [
      '${NAME:#x}',
      'error at 0: ${NAME:#...} is not supported. Use :- - :+ + :? ? # ## % %% / or //.',
    ],
    ['${NAME^}', 'error at 0: ${NAME^...} is not supported. Use :- - :+ + :? ? # ## % %% / or //.'],
    ['x"open', 'error at 1: The closing " is missing.'],
    ["x'open", "error at 1: The closing ' is missing."],
    ['${NAME/a}', 'error at 9: A / is missing.'],
  ])('%j', (text, message) => expect(expanded(text)).toBe(message));

  test('a value that doubles itself does not fill the memory', () => {
    let value = 'x'.repeat(1000);
    let message = '';
    for (let round = 0; round < 40 && message === ''; round++) {
      const result = expand('$A$A"$A"', { escape: '\\', lookup: () => value });
      if (result.ok) ({ value } = result);
      else ({ message } = result);
    }
    expect(message).toBe('The value grows beyond 131072 characters.');
  });

  test('a replacement that multiplies itself does not fill the memory', () => {
    const lookup = (name: string): string =>
      name === 'A' ? 'a'.repeat(100_000) : 'b'.repeat(100_000);
    expect(expand('${A//a/$B}', { escape: '\\', lookup })).toMatchObject({ ok: false });
  });

  test('an expression nested a hundred thousand times does not overflow the stack', () => {
    const text = '${A:-'.repeat(100_000);
    expect(expand(text, { escape: '\\', lookup: () => undefined })).toMatchObject({ ok: false });
  });
});

describe('the words of a value', () => {
  const words = (text: string): unknown => {
    const result = expand(text, { escape: '\\', lookup: name => values.get(name) });
    return result.ok && result.words;
  };

  test('are cut where white space comes from a variable', () => {
    expect(words('x$SPACED')).toEqual(['xa', 'b']);
  });

  test('stay together inside quotes', () => {
    expect(words('"x y" z\\ z')).toEqual(['x y', 'z z']);
  });
});

test('names that were asked for and not set are reported once', () => {
  const result = expand('$A ${B:-$A} $NAME', { escape: '\\', lookup: name => values.get(name) });
  expect(result).toMatchObject({ ok: true, unset: ['A', 'B'], used: ['NAME'] });
});
