import { execFile } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { createHcsSupport } from '../../electron/engine/build/backends/hcs/create-support.ts';
import { runBuild } from '../../electron/engine/build/run-build.ts';
import { thisHost } from '../../electron/engine/catalogue/host.ts';
import { openStore, type Store } from '../../electron/engine/content/store.ts';
import { hyperVOf, readCapabilities } from '../../electron/engine/hcs/capabilities/capabilities.ts';
import type { WindowsHost } from '../../electron/engine/hcs/host.ts';
import { createWindowsHost } from '../../electron/engine/hcs/windows-host.ts';
import type { DllPaths } from '../../electron/engine/win32/dll.ts';
import type { BuildEvent, BuildResult } from '../../shared/ipc/build-events.ts';
import { buildRequestSchema, type BuildRequestInput } from '../../shared/ipc/build-request.ts';
import type { HostCapabilities } from '../../shared/ipc/host-views.ts';
import type { Host } from '../../shared/windows/host-compatibility.ts';
import { depsFor } from '../electron/engine/build/build.ts';

/** A host on which the claims of docs/windows-verification.md are tried: a real one, or the doubles of one. */
export interface Place {
  readonly dir: string;
  readonly store: Store;
  readonly windows: WindowsHost;
  /** A base image that is in the store and runs on this host. */
  readonly base: string;
  readonly capabilities: HostCapabilities;
  /** Builds a Dockerfile of these lines behind FROM; `signal` cancels it. */
  build(lines: readonly string[], how?: How): Promise<Built>;
}

interface How {
  readonly request?: Partial<BuildRequestInput>;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: BuildEvent) => void;
}

export interface Built {
  readonly result: BuildResult;
  readonly events: readonly BuildEvent[];
}

export interface PlaceParts {
  readonly dir: string;
  readonly store: Store;
  readonly base: string;
  readonly host: Host;
  /** The doubles; absent for the DLLs of Windows. */
  readonly libraries?: DllPaths;
}

export async function openPlace({ dir, store, base, host, ...rest }: PlaceParts): Promise<Place> {
  const windows = createWindowsHost(rest);
  const capabilities = await readCapabilities({ host, storeDir: store.dir, ...rest });
  const hcs = createHcsSupport({
    store,
    host,
    windows,
    problems: [],
    hyperV: hyperVOf(capabilities),
  });
  const contextDir = path.join(dir, 'context');
  await mkdir(contextDir, { recursive: true });
  await writeFile(path.join(contextDir, 'in.txt'), 'from the context');
  return {
    dir,
    store,
    windows,
    base,
    capabilities,
    async build(lines, { request = {}, signal, onEvent } = {}) {
      const dockerfile = ['# escape=`', `FROM ${base}`, ...lines, ''].join('\n');
      await writeFile(path.join(contextDir, 'Dockerfile'), dockerfile);
      const events: BuildEvent[] = [];
      const tell = (event: BuildEvent) => {
        events.push(event);
        onEvent?.(event);
      };
      const input = buildRequestSchema.parse({ contextDir, noCache: true, ...request });
      const deps = { ...depsFor(store), host, hcs, onEvent: tell };
      return { result: await runBuild(input, deps, signal), events };
    },
  };
}

const commandLine = path.resolve(import.meta.dirname, '../../electron/layerwright.mjs');

/** This Windows host, with a base image from its registry; `dir` is new and empty, and on NTFS. */
export async function realPlace(dir: string, base: string): Promise<Place & AsyncDisposable> {
  const storeDir = path.join(dir, 'store');
  const pull = [commandLine, '--store', storeDir, 'pull', base];
  await promisify(execFile)(process.execPath, pull, { maxBuffer: 2 ** 26 });
  const store = await openStore(storeDir);
  const place = await openPlace({ dir, store, base, host: thisHost() });
  return {
    ...place,
    async [Symbol.asyncDispose]() {
      await destroyLayers(place);
      await store[Symbol.asyncDispose]();
    },
  };
}

/** Imported layers are deleted by HCS alone. */
async function destroyLayers({ store, windows }: Place): Promise<void> {
  const chains = path.join(store.dir, 'windows', 'chains');
  for (const name of await readdir(chains).catch(() => [])) {
    await windows.layers.destroyLayer(path.join(chains, name));
  }
}
