import { expect, test } from 'vitest';
import {
  instructionOf,
  instructionText,
  nameOf,
  shortReference,
} from '../../../renderer/features/layer-chain/chain-words.ts';

test.each([
  ['COPY site/ www/ # buildkit', 'COPY', 'site/ www/'],
  ['ENV A=1', 'ENV', 'A=1'],
  ['cmd /S /C #(nop)  ENV A=1', 'ENV', 'A=1'],
  ['/bin/sh -c #(nop) CMD ["x"]', 'CMD', '["x"]'],
  ['cmd /S /C echo hello', 'RUN', 'cmd /S /C echo hello'],
  ["powershell -Command $ErrorActionPreference = 'Stop'", 'RUN', expect.stringContaining('Stop')],
  ['Apply image 10.0.20348.2966', '', 'Apply image 10.0.20348.2966'],
])('%j is read as the instruction %j', (createdBy, keyword, text) => {
  expect(instructionOf(createdBy)).toEqual({ keyword, text });
});

test('an instruction of several lines is shown on one', () => {
  expect(instructionText('RUN a\n\t  && b')).toBe('RUN a && b');
});

test('characters that would change how an instruction is drawn are made visible', () => {
  expect(instructionText('COPY \u202egpj.exe \u001b[31m')).toBe('COPY ⟨U+202E⟩gpj.exe ␛[31m');
});

test('a layer without history says so', () => {
  expect(instructionText('')).toBe('no instruction on record');
});

test('the host of Docker Hub is left out of a reference', () => {
  expect(shortReference('docker.io/library/x:1')).toBe('x:1');
  expect(shortReference('docker.io/demo/app:1')).toBe('demo/app:1');
  expect(shortReference('mcr.microsoft.com/windows:1')).toBe('mcr.microsoft.com/windows:1');
});

test('a long reference is named by its last part', () => {
  expect(nameOf('mcr.microsoft.com/windows/nanoserver:ltsc2022')).toBe('nanoserver:ltsc2022');
  expect(nameOf('demo/app:1')).toBe('demo/app:1');
});
