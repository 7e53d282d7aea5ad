// A process of its own that writes into a store; see store.test.ts.
import { openStore } from '../../../../electron/engine/content/store.ts';
import { digestOf } from '../../../../electron/engine/content/verified.ts';

const [mode, dir = '', name = ''] = process.argv.slice(2);
const store = await openStore(dir);

async function* once(content: Uint8Array) {
  yield content;
}

async function writeNames(): Promise<void> {
  using _ = await store.lock.shared();
  for (let i = 0; i < 10; i += 1) {
    const content = Buffer.from(`blob ${i}`);
    const blob = { mediaType: 'text/plain', digest: digestOf(content), size: content.byteLength };
    await store.blobs.write(blob, once(content));
    await store.names.set(`${name}:${i}`, blob);
  }
  await store[Symbol.asyncDispose]();
}

async function hang(): Promise<void> {
  const ingest = await store.blobs.ingest();
  await ingest.write(Buffer.alloc(3 << 20, 'x'));
  process.once('message', () => {
    void ingest
      .commit()
      .then(() => store[Symbol.asyncDispose]())
      .then(() => process.disconnect());
  });
  process.send?.('writing');
}

async function holdLock(): Promise<void> {
  const held = await store.lock.shared();
  // The handler keeps the process alive, and with it the lock.
  process.once('message', () => held[Symbol.dispose]());
  process.send?.('holding');
}

if (mode === 'names') await writeNames();
else if (mode === 'hang') await hang();
else await holdLock();
