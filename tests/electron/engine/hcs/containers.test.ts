import path from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { ContainerSpec, ScratchLayer } from '../../../../electron/engine/hcs/host.ts';
import { isStatus } from '../../../../electron/engine/win32/failures.ts';
import { newHostPlace, type HostPlace } from './host-place.ts';

const isolations = ['process', 'hyperv'] as const;

async function openScratch(place: HostPlace, isolation: ContainerSpec['isolation']) {
  const dir = path.join(place.dir, 'scratches', 'one');
  return await place.host.scratches.open(dir, [place.baseDir], {
    activate: isolation === 'process',
  });
}

function specOf(
  { baseDir }: HostPlace,
  isolation: ContainerSpec['isolation'],
  scratch: ScratchLayer,
): ContainerSpec {
  return {
    id: 'layerwright-test',
    hostName: 'build-test',
    isolation,
    scratch,
    parentsNearestFirst: [baseDir],
    mounts: [],
  };
}

const process = (commandLine: string) => ({ commandLine, workingDir: 'C:\\', env: {}, user: '' });

describe.each(isolations)('a container with %s isolation', isolation => {
  it('runs a program, gives its output and exit code, and leaves nothing behind', async () => {
    const place = await newHostPlace();
    const scratch = await openScratch(place, isolation);
    const container = await place.host.systems.start(specOf(place, isolation, scratch));
    const running = await container.exec(process('cmd /S /C "echo hello & exit 3010"'));
    expect(await text(running.stdout)).toMatch(/hello/);
    expect(await text(running.stderr)).toBe('');
    expect(await running.exit).toBe(3010);
    expect(running.pid).toBeGreaterThan(0);
    expect((await container.statistics()).memoryBytes).toBeGreaterThan(0);
    await container.terminate();
    await container.terminate();
    await scratch.release();
    await scratch.release();
    expect(place.leaks()).toEqual({});
  });

  it('ends a program that is killed, and one that is killed twice', async () => {
    const place = await newHostPlace();
    place.doubles.script('wait*', [{ wait: true }]);
    const scratch = await openScratch(place, isolation);
    const container = await place.host.systems.start(specOf(place, isolation, scratch));
    const running = await container.exec(process('wait'));
    await running.kill();
    await running.kill();
    await running.exit;
    await container.terminate();
    await scratch.release();
    expect(place.leaks()).toEqual({});
  });

  it('that is terminated under a running program ends its output and says so', async () => {
    const place = await newHostPlace();
    place.doubles.script('wait*', [{ wait: true }]);
    const scratch = await openScratch(place, isolation);
    const container = await place.host.systems.start(specOf(place, isolation, scratch));
    const running = await container.exec(process('wait'));
    await container.terminate();
    // Which of the two is told first is up to Windows: the end of the program, or that of its container.
    await running.exit.catch((error: unknown) => {
      expect(error).toMatchObject({ failure: { code: 'container-ended' } });
    });
    await scratch.release();
    expect(place.leaks()).toEqual({});
  });

  it('whose start fails is closed, and the failure names the function', async () => {
    const place = await newHostPlace();
    const scratch = await openScratch(place, isolation);
    const api =
      isolation === 'process' ? 'HcsStartComputeSystem' : 'vmcompute!HcsStartComputeSystem';
    place.doubles.fail({ api, hresult: 0x8037_0106, mode: 'result' });
    await expect(place.host.systems.start(specOf(place, isolation, scratch))).rejects.toSatisfy(
      error => isStatus(error, 0x8037_0106),
    );
    await scratch.release();
    expect(place.leaks()).toEqual({});
  });

  it('is not started where it is cancelled before', async () => {
    const place = await newHostPlace();
    const scratch = await openScratch(place, isolation);
    const start = place.host.systems.start(specOf(place, isolation, scratch), AbortSignal.abort());
    await expect(start).rejects.toMatchObject({ failure: { code: 'cancelled' } });
    await scratch.release();
    expect(place.leaks()).toEqual({});
  });
});

describe('containers', () => {
  it('get the endpoint of their network, in its namespace or by itself', async () => {
    for (const isolation of isolations) {
      const place = await newHostPlace();
      const scratch = await openScratch(place, isolation);
      const network = await place.host.networks.attach('layerwright-test', undefined);
      expect(network.ipAddress).toMatch(/^172\.20\./);
      const container = await place.host.systems.start({
        ...specOf(place, isolation, scratch),
        networkNamespace: network.namespace,
      });
      await container.terminate();
      await network.release();
      await network.release();
      await scratch.release();
      expect(place.leaks()).toEqual({});
      expect(place.calledNames().includes('HcnModifyNamespace')).toBe(isolation === 'process');
    }
  });

  it('that a crash left are ended, those of living builds and of other programs are not', async () => {
    const place = await newHostPlace();
    place.doubles.leaveSystem('layerwright-dead', 'layerwright');
    place.doubles.leaveSystem('layerwright-alive', 'layerwright');
    place.doubles.leaveSystem('other', 'docker');
    const swept = await place.host.systems.sweep(systemId => systemId === 'layerwright-alive');
    expect(swept).toEqual(['layerwright-dead']);
    expect(place.leaks()).toEqual({ systems: 2 });
  });
});

describe('networks', () => {
  it('are refused by names that there are none of, with those that there are', async () => {
    const place = await newHostPlace();
    await expect(place.host.networks.attach('layerwright-test', 'lan')).rejects.toMatchObject({
      failure: { code: 'network-missing', network: 'lan', available: ['nat'] },
    });
    expect(place.leaks()).toEqual({});
  });

  it('that could not be let go are let go when that is tried again', async () => {
    const place = await newHostPlace();
    const network = await place.host.networks.attach('layerwright-test', 'NAT');
    place.doubles.fail({ api: 'HcnDeleteEndpoint', hresult: 0x803b_0020 });
    await expect(network.release()).rejects.toSatisfy(error => isStatus(error, 0x803b_0020));
    expect(place.leaks()).toEqual({ endpoints: 1 });
    await network.release();
    expect(place.leaks()).toEqual({});
  });

  it('that a crash left are deleted with their namespaces, those of living builds are not', async () => {
    const place = await newHostPlace();
    await place.host.networks.attach('layerwright-dead', undefined);
    const alive = await place.host.networks.attach('layerwright-alive', undefined);
    const swept = await place.host.networks.sweep(owner => owner === 'layerwright-alive');
    expect(swept).toEqual(['layerwright-dead']);
    expect(place.leaks()).toEqual({ endpoints: 1, namespaces: 1 });
    await alive.release();
    expect(place.leaks()).toEqual({});
  });

  it('leave nothing behind where a part of attaching fails', async () => {
    for (const api of ['HcnCreateEndpoint', 'HcnQueryEndpointProperties', 'HcnCreateNamespace']) {
      const place = await newHostPlace();
      place.doubles.fail({ api, hresult: 0x803b_002f });
      await expect(place.host.networks.attach('layerwright-test', undefined)).rejects.toSatisfy(
        error => isStatus(error, 0x803b_002f),
      );
      expect(place.leaks()).toEqual({});
    }
  });
});
