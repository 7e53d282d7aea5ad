import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { createHcsSupport } from '../../../../../../electron/engine/build/backends/hcs/create-support.ts';
import type { HcsSupport } from '../../../../../../electron/engine/build/backends/hcs/support.ts';
import type { BuildDeps } from '../../../../../../electron/engine/build/run-build.ts';
import type { Store } from '../../../../../../electron/engine/content/store.ts';
import { createWindowsHost } from '../../../../../../electron/engine/hcs/windows-host.ts';
import type { BuildEvent } from '../../../../../../shared/ipc/build-events.ts';
import type { BuildRequestInput } from '../../../../../../shared/ipc/build-request.ts';
import type { Host } from '../../../../../../shared/windows/host-compatibility.ts';
import { loadDoubles, type Doubles } from '../../../../../support/doubles.ts';
import { bench, nanoserver, type Bench } from '../../build.ts';
import type { Files } from '../../folder.ts';

/** The host that the doubles stand for. */
export const server2025: Host = {
  kind: 'windows',
  version: { major: 10, minor: 0, build: 26_100 },
  edition: 'server',
  architecture: 'amd64',
};

export interface HcsBench extends Bench {
  readonly doubles: Doubles;
  /** What the hcs backend adds to the parts of a build. */
  readonly hcs: Pick<BuildDeps, 'host' | 'hcs'>;
}

/** A build context, a store with sample bases, and the doubles of Windows in the place of its DLLs. */
export async function hcsBench(files: Files): Promise<HcsBench> {
  const doubles = await loadDoubles();
  const at = await bench(files);
  doubles.root(at.dir);
  const hcs = { host: server2025, hcs: supportOf(at.store, doubles) };
  return {
    ...at,
    doubles,
    hcs,
    build: (request: Partial<BuildRequestInput> = {}, deps = {}, signal?: AbortSignal) =>
      at.build(request, { ...hcs, ...deps }, signal),
    [Symbol.asyncDispose]: () => at[Symbol.asyncDispose](),
  };
}

export function supportOf(store: Store, { libraries }: Doubles): HcsSupport {
  const windows = createWindowsHost({ libraries });
  return createHcsSupport({ store, host: server2025, windows, problems: [], hyperV: 'available' });
}

/** A Dockerfile on Nano Server, in which backslashes mean themselves. */
export function dockerfile(...lines: readonly string[]): string {
  return ['# escape=`', `FROM ${nanoserver}`, ...lines, ''].join('\n');
}

/** What was said in the log, by stream. */
export function said(
  events: readonly BuildEvent[],
  stream: 'stdout' | 'stderr' | 'note',
): string[] {
  return events.flatMap(event =>
    event.kind === 'step-output' && event.stream === stream ? event.lines : [],
  );
}

/** What is left of scratches in the store. */
export async function scratchesLeft({ store }: Bench): Promise<string[]> {
  const names = await readdir(path.join(store.dir, 'windows', 'scratch'));
  return names.filter(name => !name.startsWith('register.sqlite'));
}
