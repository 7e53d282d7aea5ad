import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import {
  basicInfoOf,
  type BasicInfo,
} from '../../../../../electron/engine/layer/backup/basic-info.ts';
import { bytesSource } from './bytes-source.ts';
import {
  alternateStream,
  entryStreams,
} from '../../../../../electron/engine/layer/backup/entry-streams.ts';
import { scanStreams } from '../../../../../electron/engine/layer/backup/scan-streams.ts';
import { scannedEntries } from '../../../../../electron/engine/layer/backup/scanned-entries.ts';
import type { LayerEntry } from '../../../../../electron/engine/layer/entry.ts';
import { readLayer } from '../../../../../electron/engine/layer/layer-reader.ts';
import { bytesOf, pieces } from '../support.ts';
import { contentIn } from './support.ts';

// What go-winio itself made: see the README beside the files.
const folder = new URL('../../../../fixtures/backup/', import.meta.url);

describe('streams of a tar', async () => {
  interface Golden {
    readonly path: string;
    readonly attributes: number;
    readonly fileTimes: readonly [string, string, string, string];
    readonly streams: string;
  }
  const golden = await json<readonly Golden[]>('tar-to-streams.json');
  const ours = await streamsOfTar(await readFile(new URL('members.tar', folder)));

  test('there are as many as go-winio finds', () => {
    expect(ours.map(({ path }) => path)).toEqual(golden.map(({ path }) => path));
  });

  test.each(golden)('$path has the streams, attributes and times of go-winio', expected => {
    const { info, streams } = ours.find(({ path }) => path === expected.path) ?? fail();
    const [creationTime, lastAccessTime, lastWriteTime, changeTime] =
      expected.fileTimes.map(BigInt);
    const { attributes } = expected;
    expect(info).toEqual({ attributes, creationTime, lastAccessTime, lastWriteTime, changeTime });
    expect(streams.toString('base64')).toBe(expected.streams);
  });
});

describe('entries of streams', async () => {
  interface Golden {
    readonly path: string;
    readonly attributes: number;
    readonly streams: string;
    readonly tar: string;
  }
  const golden = await json<readonly Golden[]>('streams-to-tar.json');
  const start = 133_444_736_001_234_567n;

  test.each(golden)('$path becomes what go-winio puts into a tar', async expected => {
    const info: BasicInfo = {
      attributes: expected.attributes,
      creationTime: start,
      lastAccessTime: start + 1n,
      lastWriteTime: start + 2n,
      changeTime: start + 3n,
    };
    const bytes = Buffer.from(expected.streams, 'base64');
    await using source = bytesSource(pieces(bytes, 7), expected.path);
    const ours = scannedEntries(expected.path, info, await scanStreams(source)).map(
      ({ entry, content }) => ({ entry, content: content && contentIn(bytes, content) }),
    );
    expect(ours).toEqual(await entriesOfTar(Buffer.from(expected.tar, 'base64')));
  });
});

async function json<T>(name: string): Promise<T> {
  return JSON.parse(await readFile(new URL(name, folder), 'utf8')) as T;
}

async function streamsOfTar(tar: Buffer) {
  const found: { readonly path: string; readonly info: BasicInfo | undefined; streams: Buffer }[] =
    [];
  for await (const { entry, content } of readLayer(pieces(tar), { digest: 'sha256:golden' })) {
    if (entry.kind === 'stream') {
      const last = found.at(-1) ?? fail();
      const stream = await bytesOf(alternateStream(entry, content()));
      last.streams = Buffer.concat([last.streams, stream]);
    } else if (entry.kind !== 'whiteout' && entry.kind !== 'hard-link') {
      const streams = await bytesOf(entryStreams(entry, content()));
      found.push({ path: entry.path, info: basicInfoOf(entry), streams });
    }
  }
  return found;
}

async function entriesOfTar(tar: Buffer) {
  const found: { readonly entry: LayerEntry; readonly content: Buffer | undefined }[] = [];
  for await (const { entry, content } of readLayer(pieces(tar), { digest: 'sha256:golden' })) {
    found.push({ entry, content: 'size' in entry ? await bytesOf(content()) : undefined });
  }
  return found;
}

function fail(): never {
  throw new Error('it is not there');
}
