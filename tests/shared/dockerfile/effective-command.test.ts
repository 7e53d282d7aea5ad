import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commandOfContainer, commandOfRun } from '../../../shared/dockerfile/effective-command.ts';
import { splitCommandLine } from '../../../shared/dockerfile/split-command-line.ts';
import { windowsCommandLine } from '../../../shared/dockerfile/windows-command-line.ts';

function run(commandLine: string, env: readonly string[] = []) {
  return commandOfRun({
    kind: 'run',
    form: 'shell',
    commandLine,
    argv: [commandLine],
    mounts: [],
    network: 'default',
    security: 'sandbox',
    env,
    proxyEnv: [],
    user: '',
    workingDir: '',
  });
}

describe('a line is split as Microsoft documents it', () => {
  test.each([
    [String.raw`p "a b c" d e`, ['p', 'a b c', 'd', 'e']],
    [String.raw`p "ab\"c" "\\" d`, ['p', 'ab"c', '\\', 'd']],
    [String.raw`p a\\\b d"e f"g h`, ['p', String.raw`a\\\b`, 'de fg', 'h']],
    [String.raw`p a\\\"b c d`, ['p', String.raw`a\"b`, 'c', 'd']],
    [String.raw`p a\\\\"b c" d e`, ['p', String.raw`a\\b c`, 'd', 'e']],
    [String.raw`p a"b"" c d`, ['p', 'ab" c d']],
    [String.raw`"C:\Program Files\p.exe" x`, [String.raw`C:\Program Files\p.exe`, 'x']],
    [String.raw`C:\dir\ x`, ['C:\\dir\\', 'x']],
    ['p ""', ['p', '']],
    ['p', ['p']],
    ['', ['']],
  ])('%s', (line, argv) => {
    expect(splitCommandLine(line)).toEqual(argv);
  });

  test('what was quoted for Windows comes back as it was', () => {
    const argument = fc.string({ unit: fc.constantFrom('a', ' ', '"', '\\', '\t', 'é') });
    fc.assert(
      fc.property(fc.array(argument), argv => {
        expect(splitCommandLine(windowsCommandLine(['p', ...argv]))).toEqual(['p', ...argv]);
      }),
    );
  });
});

describe('cmd', () => {
  test.each([
    ['cmd /S /C echo hello', 'echo hello'],
    ['cmd /S /C "echo hello"', 'echo hello'],
    [String.raw`cmd /S /C "C:\a b\x.exe" "y z"`, String.raw`C:\a b\x.exe" "y z`],
    [String.raw`cmd /C "C:\a b\x.exe"`, String.raw`"C:\a b\x.exe"`],
    [String.raw`cmd /C "C:\a b\x.exe" & dir`, String.raw`C:\a b\x.exe & dir`],
    [String.raw`C:\Windows\System32\cmd.exe /s /c dir`, 'dir'],
  ])('runs what is left of %s', (line, text) => {
    expect(run(line)).toMatchObject({ reader: 'cmd', received: [text] });
  });

  test('fills in the variables that are known, in any case, and leaves the others', () => {
    const { received, notes } = run('cmd /S /C echo %version% %NOPE% 100%', ['VERSION=1.2']);
    expect(received).toEqual(['echo 1.2 %NOPE% 100%']);
    expect(notes).toHaveLength(1);
  });

  test('is said to wait where it has no /C, and to refuse a line that is too long', () => {
    expect(run('cmd').notes[0]).toContain('/C');
    expect(run(`cmd /S /C ${'x'.repeat(9000)}`).notes[0]).toContain('8191');
  });
});

describe('PowerShell', () => {
  test('gets its line without the double quotes, and that is said', () => {
    const { reader, received, notes } = run('powershell -Command Write-Host "a  b"   c');
    expect(reader).toBe('powershell');
    expect(received).toEqual(['Write-Host a  b c']);
    expect(notes[0]).toContain('Double quotes');
  });

  test('gets quotes that were escaped, and single ones', () => {
    const { received, notes } = run(String.raw`pwsh.exe -NoProfile -c Write-Host \"a\" 'b'`);
    expect(received).toEqual([`Write-Host "a" 'b'`]);
    expect(notes).toEqual([]);
    expect(run(String.raw`pwsh -c Write-Host \"a\" "b"`).notes).toHaveLength(1);
  });

  test('gets one blank where there were several, and that is said where it matters', () => {
    const { received, notes } = run(`powershell -Command $a = 'x  y';   dir`);
    expect(received).toEqual([`$a = 'x y'; dir`]);
    expect(notes).toEqual([expect.stringContaining('Several blanks')]);
    expect(run(`powershell -Command $a = 'x y';   dir`).notes).toEqual([]);
  });

  test('decodes what was given in base64', () => {
    const base64 = Buffer.from('Get-Date -Format "o"', 'utf16le').toString('base64');
    expect(run(`powershell -enc ${base64}`).received).toEqual(['Get-Date -Format "o"']);
    expect(run('powershell -EncodedCommand ?').notes[0]).toContain('base64');
  });
});

test('other programs get arguments', () => {
  expect(run('dotnet publish "My App.csproj" -c Release')).toMatchObject({
    reader: 'program',
    received: ['publish', 'My App.csproj', '-c', 'Release'],
  });
});

test('a line beyond what Windows takes is not taken apart', () => {
  const { received, notes } = run(`x ${'"'.repeat(5_000_000)}`);
  expect(received).toEqual([]);
  expect(notes[0]).toContain('32767');
});

test('a container starts its entry point with the command behind it, quoted unless it is a finished line', () => {
  expect(commandOfContainer({})).toBeUndefined();
  expect(
    commandOfContainer({ Entrypoint: [String.raw`C:\my app\a.exe`], Cmd: ['a b', 'c'] })
      ?.commandLine,
  ).toBe(String.raw`"C:\my app\a.exe" "a b" c`);
  expect(
    commandOfContainer({ Cmd: ['cmd /S /C echo a  "b"'], ArgsEscaped: true })?.commandLine,
  ).toBe('cmd /S /C echo a  "b"');
});
