import { describe, expect, it } from 'vitest';
import { errorEntries } from '../../../shared/windows/error-help/entries.ts';
import { explainError } from '../../../shared/windows/error-help/explain-error.ts';

const namesIn = (text: string) => explainError(text).map(({ entry }) => entry.name);

describe('the table of errors', () => {
  it('gives each error a name, a cause, a remedy and a source, and each code one meaning', () => {
    const names = errorEntries.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const codes = errorEntries.flatMap(({ codes: all = [], exitCodes = [] }) => [
      ...all,
      ...exitCodes,
    ]);
    expect(new Set(codes).size).toBe(codes.length);
    for (const entry of errorEntries) {
      expect(entry.causes.length).toBeGreaterThan(0);
      expect(entry.remedies.length).toBeGreaterThan(0);
      expect(entry.source).toMatch(/^https:\/\//);
      const signs = [entry.codes, entry.exitCodes, entry.texts];
      expect(signs.some(sign => sign !== undefined && sign.length > 0)).toBe(true);
    }
  });
});

describe('explaining an error', () => {
  // Messages as the tools print them, with the entry that they have to lead to.
  it.each([
    [
      'UnprepareLayer failed for C:\\store\\scratch: another program has the file open (0x80070020 ERROR_SHARING_VIOLATION).',
      'layer-in-use',
    ],
    ['HcnCreateEndpoint failed: (0x803B002F HCN_E_ADDR_INVALID_OR_RESERVED)', 'hns-address'],
    [
      'hcsshim::CreateComputeSystem: The container operating system does not match the host operating system. (0xc0370101)',
      'image-mismatch',
    ],
    [
      'no matching manifest for windows/amd64 10.0.17763 in the manifest list entries',
      'no-matching-manifest',
    ],
    [
      'a Windows version 10.0.20348-based image is incompatible with a 10.0.17763 host',
      'image-newer-than-host',
    ],
    [
      're-exec error: exit status 1: output: ProcessUtilityVMImage \\\\?\\C:\\x\\UtilityVM: The system cannot find the path specified.',
      'image-mismatch',
    ],
    [
      'hcsshim::ImportLayer failed in Win32: The system cannot find the path specified. (0x3)',
      'import-layer-path-not-found',
    ],
    [
      'hcsshim::PrepareLayer - failed failed in Win32: The parameter is incorrect. (0x57)',
      'prepare-layer-parameter',
    ],
    ['There is not enough space on the disk. (0x80070070)', 'disk-full'],
    [
      'process "cmd /S /C app.exe" did not complete successfully: exit code: 3221225781',
      'dll-not-found',
    ],
    ['The command returned a non-zero code: -1073741515', 'dll-not-found'],
    ['exit code 3010', 'restart-required'],
    ['msiexec returned 1641', 'restart-required'],
    ['ERROR: error 1719. The Windows Installer Service could not be accessed', 'installer-service'],
    ["'git' is not recognized as an internal or external command,", 'command-not-recognized'],
    ["The remote name could not be resolved: 'example.com'", 'name-resolution'],
    ["invalid windows mount type: 'tmpfs'", 'invalid-mount-type'],
    ['mkdir: Access is denied.', 'access-denied'],
    ['failed to walk C:\\System Volume Information: Access is denied.', 'walk-protected-folder'],
    [
      'link /Files/Windows/System32/a.dll: no such file or directory',
      'windows-base-on-linux-daemon',
    ],
  ])('%s', (message, name) => {
    expect(namesIn(message)).toContain(name);
  });

  it('finds nothing where nothing is known, and takes no small number for a code', () => {
    expect(namesIn('Step 3010 of 5000: all is well')).toEqual([]);
    expect(namesIn('copied 1603 files in 1641 ms')).toEqual([]);
    expect(namesIn('')).toEqual([]);
  });

  it('tells the line that says so, and the last error first', () => {
    const [first, second] = explainError('exit code 1603\nfine\n  exit code 3010  \n');
    expect(first).toMatchObject({
      evidence: 'exit code 3010',
      entry: { name: 'restart-required' },
    });
    expect(second).toMatchObject({ entry: { name: 'installer-fatal' } });
  });

  it('knows a code in each of its spellings', () => {
    for (const code of ['0xc0000135', '0xC0000135', '-1073741515', '3221225781'])
      expect(namesIn(code)).toEqual(['dll-not-found']);
    expect(namesIn('exit code 3010')).toEqual(['restart-required']);
    expect(namesIn('exit code 1')).toEqual([]);
  });

  it('reads only the end of a huge log, and survives long lines', () => {
    expect(namesIn(`exit code 3010\n${'x'.repeat(2_000_000)}`)).toEqual([]);
    expect(namesIn(`${'error error '.repeat(100_000)}\nexit code 3010`)).toEqual([
      'restart-required',
    ]);
  });
});
