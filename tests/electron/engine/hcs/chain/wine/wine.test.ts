import path from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { loadDoubles } from '../../../../../support/doubles.ts';
import { tempDir } from '../../../../../support/temp-dir.ts';
import { provideWine, windowsPath } from '../../../../../support/wine.ts';
import { chainScenario } from './scenario.ts';

test('chains are the same on Linux and with the paths and files of Windows Node under Wine', async () => {
  const linux = await chainScenario(await loadDoubles(), await tempDir());
  const wine = await provideWine();
  const { main, vmcompute } = wine.doubles;
  const args = [main, vmcompute, windowsPath(await tempDir())];
  const { code, stdout, stderr } = await wine.run(path.join(import.meta.dirname, 'run.ts'), args);
  if (code !== 0) throw new Error(`Windows' Node ended with ${code}: ${stderr}`);
  expect(z.array(z.string()).parse(JSON.parse(stdout))).toEqual(linux);
  expect(linux).toEqual(
    expect.arrayContaining(['exported file Files/made', 'exported whiteout Files/notepad.exe']),
  );
});
