import { beforeAll, describe, expect, test } from 'vitest';
import {
  cleanUpCommands,
  categoryOf,
} from '../../../../../electron/engine/inspect/waste/categories.ts';
import { instructionText } from '../../../../../electron/engine/inspect/waste/dockerfile-edit.ts';
import { measureWaste } from '../../../../../electron/engine/inspect/waste/measure-waste.ts';
import type { WasteView } from '../../../../../shared/ipc/inspect-views.ts';
import { dir, file, hardLink, stream, whiteout } from '../../layer/support.ts';
import { imageOf } from '../support.ts';

const bytes = (size: number) => new Uint8Array(size);

async function wasteOf(layers: Parameters<typeof imageOf>[0], texts: readonly string[] = []) {
  const image = await imageOf(layers);
  return await measureWaste(image, {
    // Stored half as large as they are.
    packedSizes: layers.map(
      layer => layer.reduce((sum, [, content]) => sum + (content?.length ?? 0), 0) / 2,
    ),
    firstOwnLayer: 1,
    instructions: layers.map((_, layerIndex) => ({ text: texts[layerIndex] ?? '', layerIndex })),
  });
}

describe('waste', () => {
  let view: WasteView;
  beforeAll(async () => {
    view = await wasteOf(
      [
        [
          file('Files/Windows/a.dll', bytes(1000)),
          hardLink('Files/Windows/WinSxS/a.dll', 'Files/Windows/a.dll'),
          file('Files/Windows/WinSxS/b.dll', bytes(300)),
        ],
        [
          file('Files/Windows/A.DLL', bytes(2000)),
          file('Files/setup.exe', bytes(400_000)),
          file('Files/app/one.pdb', bytes(250_000)),
          file('Files/app/keep.txt', bytes(10)),
          stream('Files/app/keep.txt', 'zone', 'twelve bytes'),
        ],
        [
          whiteout('Files/setup.exe'),
          file('Files/app/keep.txt', bytes(20)),
          file('Files/Users/x/AppData/Local/Temp/t', bytes(150_000)),
        ],
        [whiteout('Files/app'), file('Files/app', 'now a file')],
      ],
      [
        'Apply image 10.0.20348.1',
        'RUN cmd /S /C install',
        'RUN cmd /S /C del C:\\setup.exe # buildkit',
        'COPY app C:\\',
      ],
    );
  });

  test('is what no view shows any more, but not what a hard link still shows', () => {
    const of = (category: string) =>
      view.categories
        .find(each => each.category === category)
        ?.largest.map(
          ({ path, bytes: size, layerIndex, byLayer }) =>
            `${path} ${size} ${layerIndex}-${byLayer}`,
        );
    expect(of('deleted')).toEqual([
      'Files/setup.exe 400000 1-2',
      'Files/app/one.pdb 250000 1-3',
      'Files/app/keep.txt 20 2-3',
    ]);
    expect(of('overwritten')).toEqual(['Files/app/keep.txt 12 1-2', 'Files/app/keep.txt 10 1-2']);
    expect(view.wastedBytes).toBe(400_000 + 250_000 + 20 + 12 + 10);
    expect(view.yourWastedBytes).toBe(view.wastedBytes);
  });

  test('has an efficiency by the formula that is told', () => {
    const all = 1000 + 300 + 2000 + 400_000 + 250_000 + 10 + 12 + 20 + 150_000 + 10;
    // a.dll keeps its smaller size; what was deleted counts nothing.
    const least = 1000 + 300 + 150_000 + 10 + 12;
    expect(view.contentSize).toBe(all);
    expect(view.efficiency).toBeCloseTo(least / all, 3);
  });

  test('proposes to merge the steps where that saves most, with the sizes that come of it', () => {
    const merges = view.whatIfs.filter(({ kind }) => kind === 'merge');
    expect(
      merges.map(({ fromLayer, toLayer, savedBytes }) => [fromLayer, toLayer, savedBytes]),
    ).toEqual([
      [1, 3, 650_042],
      [1, 2, 400_022],
    ]);
    expect(merges[1]?.savedPackedBytes).toBe(200_011);
    expect(merges[1]?.predictedSize).toBe(view.packedSize - 200_011);
    expect(merges[1]?.edit).toEqual({
      replaces: ['RUN install', 'RUN del C:\\setup.exe'],
      lines: ['RUN install && del C:\\setup.exe'],
    });
    expect(merges[0]?.edit.lines[0]).toBe('FROM <base> AS work');
  });

  test('proposes to clean up in the step that makes the files', () => {
    const [temp] = view.whatIfs.filter(({ kind }) => kind === 'clean-up');
    expect(temp).toMatchObject({
      category: 'temp',
      fromLayer: 2,
      savedBytes: 150_000,
      edit: {
        replaces: ['RUN del C:\\setup.exe'],
        lines: ['RUN del C:\\setup.exe && del /f /s /q C:\\Windows\\Temp\\* "%TEMP%\\*"'],
      },
    });
  });

  test('of an image without layers is nothing', async () => {
    const empty = await wasteOf([]);
    expect(empty).toMatchObject({ wastedBytes: 0, efficiency: 1, categories: [], whatIfs: [] });
  });

  describe('by a step that does away with files of an earlier one', () => {
    const bring = [file('Files/setup.exe', bytes(400_000)), file('Files/kept.txt', 'kept')];
    const remove = [whiteout('Files/setup.exe')];
    const texts = ['', 'RUN install', 'COPY app/ C:\\app\\', 'RUN del C:\\setup.exe'];
    const movesOf = async (
      copied: Parameters<typeof imageOf>[0][number],
      lines: readonly string[] = texts,
    ) => {
      const { whatIfs } = await wasteOf([[dir('Files')], bring, copied, remove], lines);
      return whatIfs.map(({ kind, edit }) => [kind, ...edit.lines]);
    };

    test('is mended by moving it up, over steps that have nothing to do with it', async () => {
      expect(await movesOf([file('Files/app/a.txt', 'a')])).toEqual([
        ['move', 'RUN install && del C:\\setup.exe', 'COPY app/ C:\\app\\'],
      ]);
    });

    test('stays where it is when a step between touches the same, or the command means another thing there', async () => {
      const [same] = await movesOf([file('Files/SETUP.exe/below', 'a')]);
      expect(same?.[0]).toBe('merge');
      const [workdir] = await movesOf(
        [file('Files/app/a.txt', 'a')],
        ['', 'RUN install', 'WORKDIR C:\\app', 'RUN del C:\\setup.exe'],
      );
      expect(workdir?.[0]).toBe('merge');
    });
  });

  test('by two COPY instructions is mended by leaving the file out of the first', async () => {
    const copied = await wasteOf(
      [
        [dir('Files')],
        [file('Files/app/big.bin', bytes(200_000))],
        [file('Files/app/big.bin', bytes(200_001))],
      ],
      ['', 'COPY app/ C:\\app\\', 'COPY app/big.bin C:\\app\\'],
    );
    expect(copied.whatIfs[0]?.edit).toEqual({
      replaces: ['COPY app/ C:\\app\\'],
      lines: ['COPY --exclude=**/big.bin app/ C:\\app\\'],
    });
  });
});

test.each([
  ['Files/Windows/Installer/1a2b.msi', 'installer-caches'],
  ['Files/ProgramData/Package Cache/x/setup.exe', 'installer-caches'],
  ['Files/Windows/SoftwareDistribution/Download/x', 'update-downloads'],
  ['Files/Windows/WinSxS/amd64_x/y.dll', 'component-store'],
  ['Files/Windows/TEMP/x', 'temp'],
  ['Files/Users/ContainerAdministrator/AppData/Local/Temp/x', 'temp'],
  ['Files/Users/x/.nuget/packages/y', 'package-caches'],
  ['Files/Users/x/AppData/Local/npm-cache/y', 'package-caches'],
  ['Files/Users/x/AppData/Local/pip/cache/y', 'package-caches'],
  ['Files/ProgramData/chocolatey/lib/git/git.nupkg', 'package-caches'],
  ['Files/app/x.PDB', 'debug-symbols'],
  ['Files/Windows/System32/winevt/Logs/System.evtx', 'logs'],
  ['Files/Windows/Logs/CBS/CBS.log', 'logs'],
  ['Files/app/crash.dmp', 'dumps'],
  ['Files/Windows/System32/config/SOFTWARE', 'hives'],
  ['Hives/Software_Delta', 'hives'],
  ['Files/Users/x/NTUSER.DAT', 'hives'],
  ['Files/app/shop.exe', undefined],
])('%s belongs to %s', (path, category) => {
  expect(categoryOf(path)).toBe(category);
});

test('caches are cleared by the commands of their package managers', () => {
  expect(
    cleanUpCommands('package-caches', [
      'Files/Users/x/AppData/Local/npm-cache/y',
      'Files/Users/x/.nuget/packages/z',
    ]),
  ).toEqual(['npm cache clean --force', 'dotnet nuget locals all --clear']);
});

test.each([
  ['cmd /S /C #(nop) COPY dir:1 in C:\\ ', 'COPY dir:1 in C:\\'],
  ['cmd /S /C choco install git', 'RUN choco install git'],
  ['RUN cmd /S /C choco install git # buildkit', 'RUN choco install git'],
  ['RUN echo hi', 'RUN echo hi'],
])('the history entry %s is the instruction %s', (text, expected) => {
  expect(instructionText(text)).toBe(expected);
});
