import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { WindowsHost } from '../../../../electron/engine/hcs/host.ts';
import { createWindowsHost } from '../../../../electron/engine/hcs/windows-host.ts';
import { loadDoubles, type Counters, type Doubles } from '../../../support/doubles.ts';
import { tempDir } from '../../../support/temp-dir.ts';

/** A Windows host of doubles, with a base layer that can run containers both ways. */
export interface HostPlace {
  readonly doubles: Doubles;
  readonly host: WindowsHost;
  readonly dir: string;
  readonly baseDir: string;
  /** Counters that are not 0. */
  leaks(): Counters;
  /** The names of the functions that were called since, in order. */
  calledNames(): readonly string[];
}

const hives = ['DEFAULT', 'SAM', 'SECURITY', 'SOFTWARE', 'SYSTEM'];

export async function newHostPlace(): Promise<HostPlace> {
  const doubles = await loadDoubles();
  const dir = await tempDir();
  doubles.root(dir);
  const host = createWindowsHost({ libraries: doubles.libraries });
  host.enablePrivileges();
  const baseDir = path.join(dir, 'base');
  await makeBase(host, baseDir);
  doubles.clearCalls();
  return {
    doubles,
    host,
    dir,
    baseDir,
    leaks: () =>
      Object.fromEntries(Object.entries(doubles.counters()).filter(([, count]) => count !== 0)),
    calledNames: () => doubles.calls().map(call => call.slice(0, call.indexOf('('))),
  };
}

async function makeBase(host: WindowsHost, baseDir: string): Promise<void> {
  const files = [
    ...hives.map(hive => `Files/Windows/System32/config/${hive}`),
    'UtilityVM/Files/EFI/Microsoft/Boot/BCD',
  ];
  for (const file of files) {
    const target = path.join(baseDir, file);
    await mkdir(path.dirname(target), { recursive: true });
    await (await host.files.create(target, 'file')).close();
  }
  await host.layers.processBaseLayer(baseDir);
  await host.layers.processUtilityVm(path.join(baseDir, 'UtilityVM'));
}
