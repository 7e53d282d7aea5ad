import { access } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { hresultOfWin32 } from '../../../../shared/windows/explain-status.ts';
import { isWin32 } from '../../../../electron/engine/win32/failures.ts';
import { newHostPlace, type HostPlace } from './host-place.ts';

const notReady = hresultOfWin32(21);
const deviceNotConnected = hresultOfWin32(1167);
const lifeCycle = [
  'CreateSandboxLayer',
  'ActivateLayer',
  'PrepareLayer',
  'GetLayerMountPath',
  'UnprepareLayer',
  'DeactivateLayer',
  'HcsDestroyLayer',
];
const open = async (place: HostPlace, activate = true) =>
  await place.host.scratches.open(path.join(place.dir, 'scratch'), [place.baseDir], { activate });

describe('a scratch', () => {
  it('is set up and taken down in the order of hcsshim', async () => {
    const place = await newHostPlace();
    const scratch = await open(place);
    expect(scratch.volumePath).not.toBe('');
    await access(scratch.volumePath);
    await Promise.all([scratch.release(), scratch.release()]);
    const called = place.calledNames().filter(name => lifeCycle.includes(name));
    // GetLayerMountPath is asked for the length first.
    expect(called).toEqual(lifeCycle.toSpliced(3, 0, 'GetLayerMountPath'));
    expect(place.leaks()).toEqual({});
  });

  it('over nothing is refused before Windows is asked', async () => {
    const place = await newHostPlace();
    const dir = path.join(place.dir, 'scratch');
    for (const verb of ['open', 'reopen'] as const) {
      await expect(place.host.scratches[verb](dir, [], { activate: true })).rejects.toMatchObject({
        failure: { code: 'no-parent-layers' },
      });
    }
    expect(place.doubles.calls()).toEqual([]);
  });

  it.each(['CreateSandboxLayer', 'ActivateLayer', 'PrepareLayer', 'GetLayerMountPath'])(
    'leaves nothing behind where %s fails, and says which function it was',
    async api => {
      const place = await newHostPlace();
      place.doubles.fail({ api, hresult: hresultOfWin32(1392) });
      await expect(open(place)).rejects.toMatchObject({ failure: { code: 'windows-api', api } });
      expect(place.leaks()).toEqual({});
      await expect(access(path.join(place.dir, 'scratch'))).rejects.toThrow('ENOENT');
    },
  );

  it.each([notReady, deviceNotConnected])(
    'is tried again where its disk is late',
    async hresult => {
      const place = await newHostPlace();
      place.doubles.fail({ api: 'ActivateLayer', hresult });
      place.doubles.fail({ api: 'PrepareLayer', hresult });
      const scratch = await open(place);
      await scratch.release();
      expect(place.calledNames().filter(name => name === 'ActivateLayer')).toHaveLength(3);
      expect(place.leaks()).toEqual({});
    },
  );

  it('is given up after five tries', async () => {
    const place = await newHostPlace();
    for (let fault = 0; fault < 5; fault += 1) {
      place.doubles.fail({ api: 'ActivateLayer', hresult: notReady });
    }
    await expect(open(place)).rejects.toSatisfy(error => isWin32(error, 21));
    expect(place.doubles.pendingFaults()).toBe(0);
    expect(place.leaks()).toEqual({});
  });

  it('whose filter will not come off is taken down as far as it goes, and says so', async () => {
    const place = await newHostPlace();
    const scratch = await open(place);
    place.doubles.fail({ api: 'UnprepareLayer', hresult: hresultOfWin32(170) });
    await expect(scratch.release()).rejects.toMatchObject({ failure: { api: 'UnprepareLayer' } });
    const called = place.calledNames();
    expect(called.slice(called.indexOf('UnprepareLayer'))).toContain('DeactivateLayer');
  });

  it('that is detached keeps its disk, and can be opened again', async () => {
    const place = await newHostPlace();
    const scratch = await open(place);
    await scratch.detach();
    await scratch.release();
    await access(scratch.dir);
    const again = await place.host.scratches.reopen(scratch.dir, [place.baseDir], {
      activate: true,
    });
    expect(again.volumePath).not.toBe('');
    await again.release();
    await expect(access(scratch.dir)).rejects.toThrow('ENOENT');
    expect(place.leaks()).toEqual({});
  });

  it('of a Hyper-V container is attached when its changes are to be exported', async () => {
    const place = await newHostPlace();
    const scratch = await open(place, false);
    expect(scratch.volumePath).toBe('');
    expect(place.calledNames()).not.toContain('ActivateLayer');
    await scratch.unprepare();
    await scratch.unprepare();
    expect(place.leaks()).toEqual({ activeScratches: 1 });
    await scratch.release();
    expect(place.leaks()).toEqual({});
  });

  it('that a crash left is swept in whatever state it is', async () => {
    const place = await newHostPlace();
    for (const state of ['prepared', 'activated', 'created'] as const) {
      const scratch = await open(place, state !== 'created');
      if (state === 'activated') await scratch.unprepare();
      await place.host.scratches.sweep(scratch.dir);
      expect(place.leaks()).toEqual({});
      await expect(access(scratch.dir)).rejects.toThrow('ENOENT');
    }
    await place.host.scratches.sweep(path.join(place.dir, 'never-there'));
  });

  it('is undone where it is cancelled in the middle', async () => {
    const place = await newHostPlace();
    place.doubles.fail({ api: 'ActivateLayer', hresult: notReady });
    const abort = new AbortController();
    const opening = place.host.scratches.open(
      path.join(place.dir, 'scratch'),
      [place.baseDir],
      { activate: true },
      abort.signal,
    );
    await expect.poll(() => place.doubles.pendingFaults()).toBe(0);
    abort.abort();
    await expect(opening).rejects.toMatchObject({ failure: { code: 'cancelled' } });
    expect(place.leaks()).toEqual({});
  });
});

describe('privileges', () => {
  it('that the account does not hold are named, though the call succeeds', async () => {
    const place = await newHostPlace();
    place.doubles.withoutPrivilege('SeRestorePrivilege');
    expect(() => place.host.enablePrivileges()).toThrow(
      'Layers cannot be read and written without SeRestorePrivilege, which this account does not hold.',
    );
    expect(place.leaks()).toEqual({});
  });
});
