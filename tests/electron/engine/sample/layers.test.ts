import { describe, expect, test } from 'vitest';
import { sampleCatalogue, sampleIndexes } from '../../../../electron/engine/sample/catalogue.ts';
import { encodePeFile } from '../../../../electron/engine/sample/pe-file.ts';
import { mixedContent, noise } from '../../../../electron/engine/sample/seeded-bytes.ts';
import { sampleLayerEntries } from '../../../../electron/engine/sample/write-samples.ts';
import { findKey, findValue, openHive } from '../../../../electron/engine/hive/hive-reader.ts';
import { valueContent } from '../../../../electron/engine/hive/hive-value.ts';
import type { LayerEntry } from '../../../../electron/engine/layer/entry.ts';
import { parseReference } from '../../../../shared/oci/reference.ts';
import { exceedsClassicPath, pathProblem } from '../../../../shared/windows/file-names.ts';

const images = sampleCatalogue();
const layers = images.flatMap(image => image.layersBaseFirst.map(layer => ({ image, layer })));
const [, , nano] = images;
const core = images.find(({ references }) => references[0].endsWith('servercore:ltsc2022'));

function entriesOf(layer: (typeof layers)[number]['layer']): LayerEntry[] {
  return [...sampleLayerEntries(layer)].map(({ entry }) => entry);
}

async function contentOf(layer: (typeof layers)[number]['layer'], path: string): Promise<Buffer> {
  const found = [...sampleLayerEntries(layer)].find(({ entry }) => entry.path === path);
  const chunks: Uint8Array[] = [];
  for await (const chunk of found?.content ?? []) chunks.push(chunk);
  return Buffer.concat(chunks);
}

test('the catalogue has both families, several Windows versions and architectures, under names of our own', () => {
  expect(images.map(({ references }) => references[0])).toEqual([
    'layerwright.local/windows/nanoserver:ltsc2025',
    'layerwright.local/windows/nanoserver:ltsc2025-arm64',
    'layerwright.local/windows/nanoserver:ltsc2022',
    'layerwright.local/windows/nanoserver:ltsc2019',
    'layerwright.local/windows/servercore:ltsc2025',
    'layerwright.local/windows/servercore:ltsc2022',
  ]);
  const references = [...images, ...sampleIndexes(images)].flatMap(image => image.references);
  expect(new Set(references).size).toBe(references.length);
  for (const reference of references) {
    expect(parseReference(reference).registry).toBe('layerwright.local');
  }
});

describe.each(layers)('$image.references.0 $layer.kind', ({ image, layer }) => {
  const entries = entriesOf(layer);

  test('every name is one that Windows can hold', () => {
    const bad = entries.flatMap(({ path }) => pathProblem(path) ?? []);
    expect(bad).toEqual([]);
  });

  test('the hives say the version of the image', async () => {
    const path =
      layer.kind === 'base' ? 'Files/Windows/System32/config/SOFTWARE' : 'Hives/Software_Delta';
    const { root } = openHive(await contentOf(layer, path));
    const key = findKey(root, 'Microsoft\\Windows NT\\CurrentVersion')!;
    const [build, revision] = ['CurrentBuild', 'UBR'].map(name =>
      valueContent(findValue(key, name)!),
    );
    const version = [
      10,
      0,
      build?.kind === 'text' && build.text,
      revision?.kind === 'number' && revision.number,
    ];
    expect(version.join('.')).toBe(layer.version.text);
    const isTop = layer === image.layersBaseFirst.at(-1);
    if (isTop) expect(image.platform['os.version']).toBe(layer.version.text);
  });
});

test('a base has every kind of entry that Windows layers have', () => {
  const entries = entriesOf(nano!.layersBaseFirst[0]);
  const find = (path: string) =>
    entries.find(entry => entry.path === path && entry.kind !== 'stream');
  expect(new Set(entries.map(({ path }) => path.split('/')[0]))).toEqual(
    new Set(['Files', 'UtilityVM']),
  );
  expect(find('Files/Documents and Settings')).toMatchObject({
    kind: 'symlink',
    mountPoint: true,
    target: 'C:\\Users',
    attributes: 0x24_16,
  });
  expect(find('Files/Users/All Users')).toMatchObject({ kind: 'symlink', mountPoint: false });
  expect(find('Files/Users/Public/desktop.ini')).toMatchObject({ attributes: 0x26 });
  expect(find('Files/License.txt')).toMatchObject({ attributes: 0x21 });
  expect(find('Files/Users/Public/Documents/日本語のファイル名.txt')?.kind).toBe('file');
  expect(find('UtilityVM/Files/EFI/Microsoft/Boot/BCD')?.kind).toBe('file');
  const kinds = new Set(entries.map(({ kind }) => kind));
  expect(kinds).toEqual(new Set(['directory', 'file', 'symlink', 'stream', 'hard-link']));
  expect(entries.some(({ path }) => exceedsClassicPath(path))).toBe(true);
  const links = entries.filter(entry => entry.kind === 'hard-link');
  expect(links.length).toBeGreaterThan(20);
  expect(links.every(link => link.path.length > 100)).toBe(true);
});

test('an update replaces files, removes old components and has deltas of the registry', () => {
  const [base, update] = core!.layersBaseFirst;
  const before = new Set(entriesOf(base).map(({ path }) => path));
  const entries = entriesOf(update!);
  const whiteouts = entries.filter(({ kind }) => kind === 'whiteout');
  expect(whiteouts.length).toBeGreaterThan(5);
  for (const { path } of whiteouts) expect(before.has(path)).toBe(true);
  const changed = entries.filter(({ kind, path }) => kind === 'file' && before.has(path));
  expect(changed.length).toBeGreaterThan(10);
  expect(
    entries.flatMap(({ kind, path }) => (kind === 'file' && path.startsWith('Hives/') ? path : [])),
  ).toEqual([
    'Hives/DefaultUser_Delta',
    'Hives/Sam_Delta',
    'Hives/Security_Delta',
    'Hives/Software_Delta',
    'Hives/System_Delta',
  ]);
});

describe('PE files', () => {
  const file = {
    architecture: 'arm64',
    isLibrary: true,
    imports: [
      ['KERNEL32.dll', 'GetLastError'],
      ['ntdll.dll', 'NtClose'],
    ],
    seed: 'x',
    overlaySize: 100,
  } as const;

  test('have the machine, the kind and the imports that were asked for', () => {
    const bytes = Buffer.from(encodePeFile(file));
    const pe = bytes.readUInt32LE(0x3c);
    expect(bytes.toString('latin1', pe, pe + 4)).toBe('PE\0\0');
    expect(bytes.readUInt16LE(pe + 4)).toBe(0xaa64);
    expect(bytes.readUInt16LE(pe + 22) & 0x2000).toBe(0x2000);
    expect(importsOf(bytes)).toEqual([
      ['KERNEL32.dll', 'GetLastError'],
      ['ntdll.dll', 'NtClose'],
    ]);
    expect(importsOf(Buffer.from(encodePeFile({ ...file, imports: [] })))).toEqual([]);
  });

  test('differ by their seed only in content, not in size', () => {
    const [one, other] = ['x', 'y'].map(seed => encodePeFile({ ...file, seed }));
    expect(one?.length).toBe(other?.length);
    expect(one).not.toEqual(other);
  });
});

describe('content', () => {
  test('noise is that of xorshift32, so the same on every machine', () => {
    const view = new DataView(noise(1, 9).buffer);
    expect([view.getUint32(0, true), view.getUint32(4, true)]).toEqual([270_369, 67_634_689]);
  });

  test('mixed content has the size that was asked for, half of it text', async () => {
    let size = 0;
    let text = 0;
    for await (const chunk of mixedContent('a', 1_000_001)) {
      size += chunk.length;
      if (Buffer.from(chunk).includes('stands in for')) text += chunk.length;
    }
    expect(size).toBe(1_000_001);
    expect(text / size).toBeCloseTo(0.5, 1);
  });
});

/** Reads the import table by way of the section headers, as a loader does. */
function importsOf(bytes: Buffer): string[][] {
  const pe = bytes.readUInt32LE(0x3c);
  const optional = pe + 24;
  const sections = optional + bytes.readUInt16LE(pe + 20);
  const offsetOf = (address: number) => {
    for (let at = sections; at < sections + 40 * bytes.readUInt16LE(pe + 6); at += 40) {
      const start = bytes.readUInt32LE(at + 12);
      if (address >= start && address < start + bytes.readUInt32LE(at + 16)) {
        return address - start + bytes.readUInt32LE(at + 20);
      }
    }
    throw new Error(`no section holds ${address}`);
  };
  const text = (at: number) => bytes.toString('latin1', at, bytes.indexOf(0, at));
  const imports: string[][] = [];
  for (
    let at = offsetOf(bytes.readUInt32LE(optional + 120));
    bytes.readUInt32LE(at) !== 0;
    at += 20
  ) {
    const symbol = offsetOf(Number(bytes.readBigUInt64LE(offsetOf(bytes.readUInt32LE(at))))) + 2;
    imports.push([text(offsetOf(bytes.readUInt32LE(at + 12))), text(symbol)]);
  }
  return imports;
}
