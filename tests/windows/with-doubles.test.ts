/** The suite for a real host against the doubles: it shows that the suite itself works, and nothing of Windows. */
import { afterAll, describe } from 'vitest';
import { bench, nanoserver, type Bench } from '../electron/engine/build/build.ts';
import { server2025 } from '../electron/engine/build/backends/hcs/hcs-bench.ts';
import { loadDoubles } from '../support/doubles.ts';
import { claims } from './claims.ts';
import { openPlace, type Place } from './place.ts';

let made: Bench | undefined;
let place: Promise<Place> | undefined;

afterAll(async () => await made?.[Symbol.asyncDispose]());

describe('with the doubles of Windows', () => {
  claims(() => (place ??= newPlace()));
});

async function newPlace(): Promise<Place> {
  const { libraries, ...doubles } = await loadDoubles();
  doubles.script('*for /l*', [{ stdout: 'started\n' }, { wait: true }]);
  made = await bench({});
  const { dir, store } = made;
  return await openPlace({ dir, store, base: nanoserver, host: server2025, libraries });
}
