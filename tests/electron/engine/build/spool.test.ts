import path from 'node:path';
import { expect, test } from 'vitest';
import { createSpool } from '../../../../electron/engine/build/archive/spool.ts';
import { tempDir } from './folder.ts';

async function* slowly(text: string) {
  for (const letter of text) {
    await new Promise(resolve => setImmediate(resolve));
    yield Buffer.from(letter);
  }
}

test('contents that are spooled at the same time do not mix', async () => {
  await using temp = await tempDir();
  const spool = await createSpool(path.join(temp.dir, 'spool'));
  const texts = ['aaaaaaaa', 'bbbb', 'cccccc'];
  const spooled = await Promise.all(texts.map(text => spool.append(slowly(text))));
  spooled.push(await spool.append(slowly('later')));
  const read = [];
  for (const content of spooled) {
    const chunks = [];
    for await (const chunk of content.read()) chunks.push(Buffer.from(chunk));
    read.push(Buffer.concat(chunks).toString());
  }
  expect(read).toEqual([...texts, 'later']);
  await spool.close();
});
