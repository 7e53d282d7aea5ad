import { expect, test } from 'vitest';
import { analyze } from '../../../renderer/features/dockerfile-editor/language/analysis.ts';
import {
  pathCompletions,
  pathPlaceAt,
} from '../../../renderer/features/dockerfile-editor/language/path-completion.ts';

const entries = [
  { name: 'bin', kind: 'directory' },
  { name: 'my app.exe', kind: 'file' },
  { name: 'app.exe', kind: 'file' },
] as const;

const above =
  '# escape=`\nFROM a AS build\nWORKDIR C:\\src\nCOPY x C:\\out\\\nFROM b\nWORKDIR C:\\app\n';

/** The place at the end of a last line. */
function placeIn(line: string) {
  const text = above + line;
  const lines = text.split('\n');
  const position = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
  return pathPlaceAt(analyze(text), position);
}

function offered(line: string): string[] {
  const place = placeIn(line);
  return place === undefined
    ? []
    : pathCompletions(place, entries).map(({ insertText }) => insertText);
}

test.each([
  ['COPY ', ''],
  ['COPY ap', ''],
  ['COPY src/', 'src'],
  ['COPY ./src/bi', 'src'],
  ['COPY --chown=a:b --link src/a/b', 'src/a'],
  ['ADD a b/', 'b'],
  ['COPY ["src/', 'src'],
  ['COPY ["a.txt", "b/', 'b'],
  ['ONBUILD COPY c/', 'c'],
  ['COPY a `\n  d/', 'd'],
])('in %j the folder %j of the context is listed', (line, directory) => {
  expect(placeIn(line)?.directory).toBe(directory);
});

test.each([
  'RUN copy a',
  'COPY --fr',
  'COPY $X/',
  'COPY ../',
  'COPY <<EOF ',
  'COPY ["a" ',
  'WORKDIR a',
])('in %j no path is offered', line => expect(placeIn(line)).toBeUndefined());

test('names that the plain form would take apart are offered only in quotes', () => {
  expect(offered('COPY ')).toEqual(['bin/', 'app.exe']);
  expect(offered('COPY ["')).toEqual(['bin/', 'my app.exe', 'app.exe']);
});

test('copied from a stage, the folders that its instructions name are offered', () => {
  expect(offered('COPY --from=build ')).toEqual(['C:\\src', 'C:\\out\\']);
  expect(offered('COPY --from=0 ["')).toEqual(['C:\\\\src', 'C:\\\\out\\\\']);
  expect(offered('COPY --from=mcr.example.com/x:1 ')).toEqual([]);
});

test('a destination may be a folder of the stage that it is in', () => {
  expect(offered('COPY app.exe ')).toEqual(['C:\\app', 'bin/', 'app.exe']);
  expect(offered('COPY --from=build C:\\src ')).toEqual(['C:\\app']);
});

test('what is written before the last slash stays as it is', () => {
  const place = placeIn('COPY src/ap');
  const [first] = place === undefined ? [] : pathCompletions(place, entries);
  expect(first?.range.start.character).toBe('COPY src/'.length);
});
