import { describe, expect, test } from 'vitest';
import type { BuildEvent, BuildEventBody } from '../../../shared/ipc/build-events.ts';
import { sha256Digest } from '../../../shared/oci/digest.ts';
import { stripVTControlCharacters } from 'node:util';
import { liveStateAfter, newLiveState } from '../../../electron/cli/progress/live-state.ts';
import { drawLive } from '../../../electron/cli/progress/live-view.ts';
import { PlainProgress } from '../../../electron/cli/progress/plain.ts';
import { createTerminal } from '../../../electron/cli/terminal.ts';
import { displayWidth } from '../../../electron/cli/text/width.ts';

const range = { start: { line: 4, character: 0 }, end: { line: 4, character: 4 } };
const step = (stepId: string, text: string) => ({
  stepId,
  keyword: text.split(' ')[0] ?? '',
  text,
  range,
});
const digest = sha256Digest('a'.repeat(64));

/** A build of two stages side by side, with one event each 100 ms unless it says another time. */
function events(...bodies: readonly (BuildEventBody & { readonly at?: number })[]): BuildEvent[] {
  return bodies.map(({ at, ...body }, seq) => ({ ...body, seq, time: at ?? 1000 + seq * 100 }));
}

const script = events(
  {
    kind: 'build-started',
    buildId: 'b',
    backend: 'portable',
    contextDir: '/src',
    dockerfile: '/src/Dockerfile',
  },
  {
    kind: 'build-planned',
    stages: [
      {
        stage: 0,
        stageName: 'base',
        base: 'nano',
        steps: [step('0.0', 'FROM nano AS base'), step('0.1', 'COPY a \u001b[31mb')],
      },
      {
        stage: 1,
        base: 'base',
        steps: [step('1.0', 'FROM base'), step('1.1', 'COPY <<EOF /x\nhello\nEOF')],
      },
    ],
  },
  { kind: 'step-finished', stepId: '0.0', outcome: 'cached', durationMs: 0, phases: {} },
  { kind: 'step-started', stepId: '0.1' },
  {
    kind: 'step-output',
    stepId: '0.1',
    stream: 'stdout',
    lines: ['one', 'two \u001b]0;title\u0007'],
  },
  { kind: 'step-started', stepId: '1.0' },
  { kind: 'step-output', stepId: '0.1', stream: 'note', lines: ['three'] },
  { kind: 'step-warning', stepId: '1.0', range, message: 'careful' },
  {
    kind: 'step-progress',
    stepId: '0.1',
    phase: 'hash',
    current: 5,
    total: 10,
    unit: 'files',
  },
  {
    kind: 'step-progress',
    stepId: '0.1',
    phase: 'compress',
    current: 1_200_000_000,
    total: 4_000_000_000,
    unit: 'bytes',
    detail: 'big.bin',
    at: 7000,
  },
  {
    kind: 'step-finished',
    stepId: '0.1',
    outcome: 'ran',
    durationMs: 6200,
    phases: {},
    layer: { digest, diffId: digest, compressedSize: 1234, uncompressedSize: 5678, files: 2 },
  },
  { kind: 'step-started', stepId: '1.1' },
  {
    kind: 'step-failed',
    stepId: '1.1',
    failure: { code: 'disk-full', path: '/store' },
  },
  { kind: 'build-failed', failure: { code: 'disk-full', path: '/store' } },
);

describe('plain progress', () => {
  test('tells a build in lines that carry the number of their step', () => {
    const plain = new PlainProgress();
    expect(script.flatMap(event => plain.lines(event))).toEqual([
      '#1 [base 1/2] FROM nano AS base',
      '#1 CACHED',
      '#2 [base 2/2] COPY a \u001b[31mb',
      '#2 0.100 one',
      '#2 0.100 two ',
      '#3 [stage-1 1/2] FROM base',
      '#2 0.300 note: three',
      '#3 WARNING /src/Dockerfile:5:1: careful',
      '#2 compress 1.20 GB / 4.00 GB big.bin',
      `#2 layer ${digest} 1.23 kB, 5.68 kB unpacked, 2 files`,
      '#2 DONE 6.2s',
      '#4 [stage-1 2/2] COPY <<EOF /x …',
      '#4 ERROR The disk is full: /store could not be written.',
    ]);
  });

  test('a single stage without a name has no prefix', () => {
    const plain = new PlainProgress();
    const stages = [{ stage: 0, base: 'nano', steps: [step('0.0', 'FROM nano')] }];
    plain.lines({ kind: 'build-planned', stages, seq: 0, time: 0 });
    expect(plain.lines({ kind: 'step-started', stepId: '0.0', seq: 1, time: 0 })).toEqual([
      '#1 [1/1] FROM nano',
    ]);
  });
});

describe('the live view', () => {
  const stateAfter = (count: number) =>
    script.slice(0, count).reduce(liveStateAfter, newLiveState(1000));
  const drawn = (count: number, frame: Partial<Parameters<typeof drawLive>[1]> = {}) =>
    drawLive(stateAfter(count), { now: 3000, columns: 60, rows: 24, ...frame });
  const plainly = (lines: readonly string[]) => lines.map(stripVTControlCharacters);

  test('shows every step with its state, duration and last words', () => {
    expect(plainly(drawn(7))).toEqual([
      'Building 2.0s (1/4)',
      ' ✔ [base 1/2] FROM nano AS base                       CACHED',
      ' ⠋ [base 2/2] COPY a ␛[31mb                             1.7s',
      ' ⠋ [stage-1 1/2] FROM base                              1.5s',
      ' · [stage-1 2/2] COPY <<EOF /x …                            ',
      '   │ one',
      '   │ two ',
      '   │ three',
    ]);
  });

  test('shows how far a step is, and how fast', () => {
    const before = stateAfter(10);
    const state = liveStateAfter(before, {
      kind: 'step-progress',
      stepId: '0.1',
      phase: 'compress',
      current: 2_000_000_000,
      total: 4_000_000_000,
      unit: 'bytes',
      seq: 99,
      time: 9000,
    });
    const lines = plainly(drawLive(state, { now: 9000, columns: 100, rows: 24 }));
    expect(lines[2]).toMatch(/compress 2\.00 GB \/ 4\.00 GB 1\.00 GB\/s 7\.7s$/);
  });

  test('ends with what was done and what failed', () => {
    const lines = plainly(drawn(14));
    expect(lines[2]).toMatch(/✔ \[base 2\/2\] COPY a ␛\[31mb +6\.2s$/);
    expect(lines[4]).toMatch(/✘ \[stage-1 2\/2\] COPY <<EOF \/x … +FAILED$/);
  });

  test.each([1, 10, 20, 40, 80, 200])('never writes wider than %i columns', columns => {
    for (let count = 0; count <= script.length; count += 1) {
      for (const line of plainly(drawn(count, { columns }))) {
        expect(displayWidth(line)).toBeLessThanOrEqual(columns);
      }
    }
  });

  test('never draws more lines than the terminal has, and keeps what runs in sight', () => {
    const steps = Array.from({ length: 100 }, (_, n) => step(`0.${n}`, `COPY ${n} x`));
    let state = liveStateAfter(newLiveState(0), {
      kind: 'build-planned',
      stages: [{ stage: 0, base: 'nano', steps }],
      seq: 0,
      time: 0,
    });
    for (const { stepId } of steps.slice(0, 70)) {
      state = liveStateAfter(state, { kind: 'step-started', stepId, seq: 0, time: 0 });
      if (stepId === '0.69' || stepId === '0.3') continue;
      const finished = {
        kind: 'step-finished',
        outcome: 'ran',
        durationMs: 1,
        phases: {},
      } as const;
      state = liveStateAfter(state, { ...finished, stepId, seq: 0, time: 0 });
    }
    const lines = plainly(drawLive(state, { now: 1, columns: 80, rows: 10 }));
    expect(lines.length).toBeLessThanOrEqual(9);
    expect(lines[0]).toBe('Building 0.0s (68/100), 92 more steps not shown');
    expect(lines.some(line => line.includes('COPY 69 x'))).toBe(true);
    expect(lines.some(line => line.includes('COPY 3 x'))).toBe(true);
    expect(drawLive(state, { now: 1, columns: 80, rows: Infinity })).toHaveLength(101);
  });
});

describe('the terminal', () => {
  const terminalOf = (environment: Record<string, string>, isTTY = true) => {
    const written: string[] = [];
    const stream = {
      write: (text: string) => written.push(text) > 0,
      isTTY,
      columns: 90,
      rows: 30,
    };
    return { written, terminal: createTerminal(stream, stream, environment) };
  };

  test.each([
    [{}, true, true],
    [{}, false, false],
    [{ NO_COLOR: '1' }, true, false],
    [{ NO_COLOR: '' }, true, true],
    [{ CI: 'true' }, true, false],
    [{ TERM: 'dumb' }, true, false],
  ])('with %j and isTTY %s redraws in place: %s', (environment, isTTY, live) => {
    expect(terminalOf(environment, isTTY).terminal.view.live).toBe(live);
  });

  test('obeys no control of what it is given, line by line', () => {
    const { terminal, written } = terminalOf({});
    terminal.note('error: \u001b[2Jx\u0007\nsecond\u0008');
    terminal.json({ name: '\u001b[2J' });
    expect(written).toEqual(['error: ␛[2Jx␇\nsecond␈\n', '{"name":"\\u001b[2J"}\n']);
  });
});
