import { expect, test } from 'vitest';
import type { Store } from '../../../electron/engine/content/store.ts';
import { createHostLook } from '../../../electron/ipc/host-look.ts';
import type { HostCapabilities } from '../../../shared/ipc/host-views.ts';
import type { Host } from '../../../shared/windows/host-compatibility.ts';

const host: Host = {
  kind: 'windows',
  version: { major: 10, minor: 0, build: 26_100 },
  edition: 'server',
  architecture: 'amd64',
};

test('a look at the host serves for five seconds, but who asks for one gets a new one', async () => {
  let looks = 0;
  let time = 0;
  const look = createHostLook({
    // Only its folder is asked for.
    store: { dir: '/store' } as Store,
    host,
    read: async () => {
      looks += 1;
      return { checks: [] } as unknown as HostCapabilities;
    },
    now: () => time,
  });
  await Promise.all([look.hcs('own'), look.hcs('asked')]);
  expect(looks).toBe(1);
  await look.capabilities();
  expect(looks).toBe(2);
  time += 4999;
  await look.hcs('own');
  expect(looks).toBe(2);
  time += 1;
  await look.hcs('own');
  expect(looks).toBe(3);
});
