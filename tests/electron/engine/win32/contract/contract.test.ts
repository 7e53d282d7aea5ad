import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadDoubles } from '../../../../support/doubles.ts';
import { tempDir } from '../../../../support/temp-dir.ts';
import { provideWine, windowsPath } from '../../../../support/wine.ts';
import { contract } from './scenario.ts';

const script = path.join(import.meta.dirname, 'run.ts');

async function underWine(): Promise<string[]> {
  const wine = await provideWine();
  const { main, vmcompute } = wine.doubles;
  const args = [main, vmcompute, windowsPath(await tempDir())];
  const { code, stdout, stderr } = await wine.run(script, args);
  if (code !== 0) throw new Error(`Windows' Node ended with ${code}: ${stderr}`);
  return z.array(z.string()).parse(JSON.parse(stdout));
}

describe('the bindings against the doubles', () => {
  it('make the same calls and get the same answers on Linux and in Windows Node under Wine', async () => {
    const linux = await contract(await loadDoubles(), await tempDir());
    const windows = await underWine();
    // Only the form of paths without a limit of length is Windows' own.
    const files = windows.filter(line => line.startsWith('CreateFileW(name="'));
    expect(files.every(line => line.startsWith(String.raw`CreateFileW(name="\\?\<root>/`))).toBe(
      true,
    );
    const neutral = windows.map(line => line.replaceAll(String.raw`\\?\<root>`, '<root>'));
    expect(neutral).toEqual(linux);
    expect(linux.length).toBeGreaterThan(150);
  });

  it('leave nothing open, and are refused what Windows refuses, with its HRESULT', async () => {
    const doubles = await loadDoubles();
    const lines = await contract(doubles, await tempDir());
    expect(Object.values(doubles.counters()).every(count => count === 0)).toBe(true);
    expect(lines).toEqual(
      expect.arrayContaining([
        'privileges without elevation: privilege-missing ',
        'export while prepared: windows-api 80070020',
        'relative path: windows-api 80070057',
        'empty list: windows-api 8037010d',
        'id of another: windows-api 80070003',
        'unknown field: windows-api 8037010d',
        'activate a base: windows-api 80070057',
        'no system: windows-api 8037010e',
      ]),
    );
  });
});
