import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { AppError, explain } from '../../../../shared/failure.ts';
import { hresultOfWin32 } from '../../../../shared/windows/explain-status.ts';
import { forEachFault } from '../../../support/each-fault.ts';
import { newHostPlace, type HostPlace } from './host-place.ts';

const owner = 'layerwright-faulty';
const diskFull = hresultOfWin32(112);

/** Everything that a RUN asks of Windows: scratch, network, container, program, export, import. */
async function oneRun(place: HostPlace, signal: AbortSignal): Promise<void> {
  const { host, dir, baseDir } = place;
  const exported = path.join(dir, 'export');
  const scratch = await host.scratches.open(
    path.join(dir, 'scratches', 'one'),
    [baseDir],
    { activate: true, sizeBytes: 2 ** 35 },
    signal,
  );
  try {
    await inContainer(place, scratch, signal);
    await scratch.unprepare();
    await mkdir(exported);
    await host.layers.exportLayer(scratch.dir, exported, [baseDir]);
  } finally {
    await rm(exported, { recursive: true, force: true });
    await scratch.release();
  }
}

async function inContainer(
  { host, baseDir }: HostPlace,
  scratch: Awaited<ReturnType<HostPlace['host']['scratches']['open']>>,
  signal: AbortSignal,
): Promise<void> {
  const network = await host.networks.attach(owner, undefined, signal);
  try {
    const container = await host.systems.start(
      {
        id: owner,
        hostName: 'faulty',
        isolation: 'process',
        scratch,
        parentsNearestFirst: [baseDir],
        networkNamespace: network.namespace,
        mounts: [],
      },
      signal,
    );
    try {
      const running = await container.exec(
        { commandLine: 'cmd /S /C "echo made> C:\\f.txt"', workingDir: 'C:\\', env: {}, user: '' },
        signal,
      );
      await Promise.all([text(running.stdout), text(running.stderr), running.exit]);
    } finally {
      await container.terminate();
    }
  } finally {
    await network.release();
  }
}

/** What takes things down again; that it fails is told, and the next start's sweep does the rest. */
const releases = [
  'UnprepareLayer',
  'DeactivateLayer',
  'HcsDestroyLayer',
  'HcsTerminateComputeSystem',
  'HcnDeleteEndpoint',
];
/**
 * Nothing can be done where memory or a handle is not taken back. A namespace that is not deleted is tried again with the
 * network's release; after a crash in between no sweep finds it, as namespaces have no name.
 */
const hopeless =
  /^(?:LocalFree|CoTaskMemFree|CloseHandle|Hc[ns]Close\w+|GetOEMCP|HcnDeleteNamespace)$/;

test('whichever call of a RUN fails, or never comes back, all is let go and the message names the call', async () => {
  const place = await newHostPlace();
  const { doubles } = place;
  const count = await forEachFault(
    doubles,
    {
      scenario: async signal => await oneRun(place, signal),
      fails: api => !hopeless.test(api) && !releases.includes(api),
      modes: ['call', 'result', 'hang'],
      hresult: diskFull,
    },
    async ({ api, call, mode, error }) => {
      const where = `${mode} of call ${call} of ${api}`;
      expect(error, where).toBeInstanceOf(AppError);
      if (!(error instanceof AppError)) return;
      // A wait that fails is told of as what was waited for.
      const told = api.startsWith('HcsWait') ? /HcsCreate|HcsStart|HcsTerminate/ : new RegExp(api);
      if (mode !== 'hang') expect(explain(error.failure).message, where).toMatch(told);
      // Sockets are closed in a later turn.
      await expect.poll(() => place.leaks(), { message: where, timeout: 3000 }).toEqual({});
      expect(await readdir(path.join(place.dir, 'scratches')), where).toEqual([]);
    },
  );
  expect(count).toBeGreaterThan(50);
});

test('whichever call that lets go fails, it is told, and the sweep of the next start leaves nothing', async () => {
  const place = await newHostPlace();
  const { doubles, host } = place;
  const count = await forEachFault(
    doubles,
    {
      scenario: async signal => await oneRun(place, signal),
      fails: api => releases.includes(api),
      modes: ['call', 'result'],
      hresult: hresultOfWin32(170),
    },
    async ({ api, call, mode, error }) => {
      const where = `${mode} of call ${call} of ${api}`;
      expect(error, where).toBeInstanceOf(AppError);
      await host.systems.sweep(() => false);
      await host.networks.sweep(() => false);
      await host.scratches.sweep(path.join(place.dir, 'scratches', 'one'));
      // Sockets are closed in a later turn.
      await expect.poll(() => place.leaks(), { message: where, timeout: 3000 }).toEqual({});
      expect(await readdir(path.join(place.dir, 'scratches')), where).toEqual([]);
    },
  );
  expect(count).toBeGreaterThan(5);
});
