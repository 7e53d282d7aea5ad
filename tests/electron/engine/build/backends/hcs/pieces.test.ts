import { describe, expect, test } from 'vitest';
import { chooseBackend } from '../../../../../../electron/engine/build/backends/choose-backend.ts';
import { checkRuns } from '../../../../../../electron/engine/build/backends/hcs/check-runs.ts';
import { containerEnv } from '../../../../../../electron/engine/build/backends/hcs/container-env.ts';
import { endingOf } from '../../../../../../electron/engine/build/backends/hcs/exit-code.ts';
import { codePageDecoder } from '../../../../../../electron/engine/build/backends/hcs/output/code-pages.ts';
import { createLineSplitter } from '../../../../../../electron/engine/build/backends/hcs/output/lines.ts';
import { createMask } from '../../../../../../electron/engine/build/backends/hcs/output/mask.ts';
import type {
  HcsProblem,
  HcsSupport,
} from '../../../../../../electron/engine/build/backends/hcs/support.ts';
import { startMonitor } from '../../../../../../electron/engine/build/backends/hcs/watch/monitor.ts';
import { createStepReport } from '../../../../../../electron/engine/build/event-stream.ts';
import { parseDockerfile } from '../../../../../../shared/dockerfile/parse.ts';
import { planStages } from '../../../../../../shared/dockerfile/stages.ts';

function stagesOf(text: string) {
  const platform = { os: 'windows', architecture: 'amd64' };
  return planStages(parseDockerfile(text), {
    buildArgs: {},
    targetPlatform: platform,
    buildPlatform: platform,
    namedContexts: [],
  }).stages;
}

function support(...problems: readonly HcsProblem[]): HcsSupport {
  const never = () => {
    throw new Error('not asked');
  };
  return { problems: () => problems, isolation: never, open: never };
}

describe('the backend', () => {
  const copying = stagesOf('FROM base\nCOPY a b\n');
  const running = stagesOf('FROM base\nCOPY a b\nRUN app\n');
  const job = (wanted: 'auto' | 'portable' | 'hcs', stages = running) => ({
    wanted,
    file: 'Dockerfile',
    stages,
  });

  test('is portable where nothing runs, hcs where a RUN can, and what was asked for', () => {
    expect(chooseBackend(job('auto', copying), support())).toEqual({
      backend: 'portable',
      reason: 'no step runs a program, so no Windows is needed.',
    });
    expect(chooseBackend(job('auto'), support())).toEqual({
      backend: 'hcs',
      reason: 'RUN in line 3 needs Windows, and this host can run it.',
    });
    expect(chooseBackend(job('hcs', copying), support()).backend).toBe('hcs');
    expect(chooseBackend(job('portable', copying), support()).backend).toBe('portable');
  });

  test.each([
    ['auto', undefined, 'run-needs-windows'],
    ['portable', support(), 'run-needs-windows'],
    ['hcs', undefined, 'hcs-unavailable'],
    ['auto', support({ problem: 'Not elevated.', remedy: 'Elevate.' }), 'hcs-unavailable'],
  ] as const)('%s that cannot be had is refused with what to do', (wanted, hcs, code) => {
    expect(() => chooseBackend(job(wanted), hcs)).toThrow(
      expect.objectContaining({ failure: expect.objectContaining({ code }) }),
    );
  });

  test.each([
    ['FROM base\nRUN --network=host app\n', /share the network/u],
    ['FROM base\nRUN --security=insecure app\n', /no insecure mode/u],
    ['FROM base\nRUN --mount=type=tmpfs,target=C:/t app\n', /no tmpfs/u],
    ['FROM base\nRUN --mount=type=ssh app\n', /agent/u],
    ['FROM scratch\nRUN app\n', /scratch is empty/u],
  ])('what Windows containers lack is refused: %j', (text, problem) => {
    expect(() => checkRuns('Dockerfile', stagesOf(text))).toThrow(problem);
  });
});

describe('output', () => {
  function lines(chunks: readonly Uint8Array[], codePage = 437): string[] {
    const splitter = createLineSplitter(codePage);
    return [...chunks.flatMap(chunk => splitter.push(chunk)), ...splitter.end()];
  }

  test.each<[string, Uint8Array, string[]]>([
    [
      'LF, CR LF and CR end lines',
      Buffer.from('a\nb\r\n10%\r20%\r\r\nc'),
      ['a', 'b', '10%', '20%', '', 'c'],
    ],
    ['UTF-8', Buffer.from('Größe 日本\n'), ['Größe 日本']],
    ['code page 437', Buffer.from([0x47, 0x72, 0x94, 0xe1, 0x65, 10]), ['Größe']],
    ['UTF-16 with a mark', Buffer.from('\ufeff日本\r\nzwei\r\n', 'utf16le'), ['日本', 'zwei']],
    ['UTF-16 without one', Buffer.from('one\r\ntwo', 'utf16le'), ['one', 'two']],
    [
      'both after another',
      Buffer.concat([Buffer.from('x\r\n'), Buffer.from('wide\r\n', 'utf16le'), Buffer.from('y\n')]),
      ['x', 'wide', 'y'],
    ],
    ['escape sequences stay', Buffer.from('\u001b[31mred\u001b[0m\n'), ['\u001b[31mred\u001b[0m']],
  ])('%s, however it is cut', (_, bytes, expected) => {
    expect(lines([bytes])).toEqual(expected);
    expect(lines(Array.from(bytes, byte => Uint8Array.of(byte)))).toEqual(expected);
    expect(lines([bytes.subarray(0, 3), bytes.subarray(3)])).toEqual(expected);
  });

  test('a line without end comes in pieces that lose nothing', () => {
    const text = 'ä'.repeat(100_000);
    const pieces = lines([Buffer.from(text)]);
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join('')).toBe(text);
  });

  test.each([
    [850, [0x9b, 0xd5], 'øı'],
    [852, [0xa5, 0x9f], 'ąč'],
    [866, [0x8f, 0xe0], 'Пр'],
    [932, [0x93, 0xfa], '日'],
    [932, [0x41, 0x81], 'A\\x81'],
    [4711, [0x94], 'ö'],
  ])('code page %i reads %j as %s', (codePage, bytes, text) => {
    expect(codePageDecoder(codePage)(Uint8Array.from(bytes))).toBe(text);
  });

  test('secrets are hidden whole and line by line, short ones are not', () => {
    const mask = createMask(['token-1\n', 'first line\r\nsecond line', 'no', 'token-1-longer']);
    expect(mask('a token-1 b second line no token-1-longer')).toBe('a *** b *** no ***');
  });
});

describe('how a program ended', () => {
  test.each([
    [0, [], { kind: 'success' }],
    [3010, [], { kind: 'success', note: expect.stringContaining('counts as success') }],
    [1603, [], { kind: 'failure', failure: { meaning: 'The installation failed (1603)' } }],
    [0xc0000135, [], { kind: 'failure', failure: { meaning: expect.stringContaining('DLL') } }],
    [7, ['x'], { kind: 'failure', failure: { exitCode: 7, lastLines: ['x'] } }],
    [
      1,
      ['Error 1719: The Windows Installer Service could not be accessed'],
      { kind: 'failure', failure: { advice: expect.stringContaining('1719') } },
    ],
  ])('%i after %j', (exitCode, lastLines, expected) => {
    expect(endingOf(exitCode, lastLines)).toMatchObject(expected);
  });
});

test('of variables that differ by case the last one counts, under the first spelling', () => {
  expect(containerEnv(['Path=C:\\a', 'A=1=2', '=C:=C:\\w'], ['PATH=C:\\b'], { a: '3' })).toEqual({
    Path: 'C:\\b',
    A: '3',
    '=C:': 'C:\\w',
  });
});

test('a program that says nothing is shown to be alive', async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const progress: unknown[] = [];
  const monitor = startMonitor({
    container: {
      statistics: async () => ({ cpuMs: 1500, bytesWritten: 2e6, bytesRead: 0, memoryBytes: 0 }),
    },
    volumePath: '',
    logs: { changed: () => undefined, look: async () => [], save: async () => [] },
    report: {
      ...createStepReport('0.1', () => undefined),
      progress: what => void progress.push(what),
      note: resolve,
    },
    mask: text => text,
    intervalMs: 1,
  });
  expect(await promise).toBe('Still running: CPU 1.5 s, 2.00 MB written');
  await monitor.stop();
  expect(progress[0]).toEqual({
    phase: 'run',
    current: 2e6,
    unit: 'bytes',
    detail: 'CPU 1.5 s, 2.00 MB written',
  });
});
