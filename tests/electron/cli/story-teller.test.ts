import { describe, expect, test } from 'vitest';
import { createStoryTeller } from '../../../electron/cli/progress/story-teller.ts';
import { liveStateAfter, newLiveState } from '../../../electron/cli/progress/live-state.ts';
import { drawLive } from '../../../electron/cli/progress/live-view.ts';
import { PlainProgress } from '../../../electron/cli/progress/plain.ts';
import type { BuildEvent } from '../../../shared/ipc/build-events.ts';
import type { StepCacheStory } from '../../../shared/ipc/step-cache.ts';
import { sha256Digest } from '../../../shared/oci/digest.ts';

const now = Date.UTC(2030, 0, 1);
const earlier = { builtAt: now - 3 * 60_000, buildId: 'b1' };
const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 4 } };
const digest = sha256Digest('a'.repeat(64));

const copied: StepCacheStory = {
  kind: 'differs',
  earlier,
  differences: [
    {
      kind: 'files',
      from: 'the build context',
      files: [
        { path: 'src/a.js', before: '0123456789abcdef', now: 'fedcba9876543210' },
        { path: 'src/new\u001b[2J', now: '1111111111111111' },
      ],
      changed: 1,
      added: 30,
      removed: 0,
    },
    { kind: 'variable', name: 'API_TOKEN', hidden: true },
  ],
};

function eventsOf(...stories: readonly StepCacheStory[]): BuildEvent[] {
  const steps = stories.map((_, at) => ({
    stepId: `0.${at}`,
    keyword: 'COPY',
    text: `COPY ${at} /`,
    range,
  }));
  const bodies = stories.map((cache, at) => ({
    kind: 'step-finished' as const,
    stepId: `0.${at}`,
    outcome: cache.kind === 'matched' ? ('cached' as const) : ('ran' as const),
    durationMs: 1200,
    phases: {},
    cache,
  }));
  const planned = { kind: 'build-planned' as const, stages: [{ stage: 0, base: 'nano', steps }] };
  return [planned, ...bodies].map((body, seq) => ({ ...body, seq, time: now }));
}

describe('what a build says about its cache', () => {
  test('is told in full at the end, and reads like this', () => {
    const teller = createStoryTeller();
    for (const event of eventsOf({ kind: 'matched', earlier, layer: digest }, copied))
      teller.hear(event);
    expect(teller.lines()).toEqual([
      '[1/2] COPY 0 /',
      '  cached: same as build b1 (3 minutes ago): aaaaaaaaaaaa',
      '[2/2] COPY 1 /',
      '  ran: src/a.js changed (0123456789ab → fedcba987654), and 30 more files (1 changed, 30 new) (and 1 more difference)',
      '    src/a.js changed (0123456789ab → fedcba987654)',
      '    src/new\u001b[2J is new (111111111111)',
      '    and 29 more files',
      '  the value of API_TOKEN changed (not shown)',
      '  compared with build b1 (3 minutes ago)',
    ]);
  });

  test('is one line of a step in plain progress', () => {
    const plain = new PlainProgress();
    const lines = eventsOf({
      kind: 'differs',
      earlier,
      differences: [{ kind: 'parent', text: 'COPY <<EOF /x\nhello', stepId: '0.0' }],
    }).flatMap(event => plain.lines(event));
    expect(lines).toEqual([
      '#1 [1/1] COPY 0 /',
      '#1 cache: a step below ran: COPY <<EOF /x …',
      '#1 DONE 1.2s',
    ]);
  });

  test('stands behind the step in the live view, where something is different', () => {
    let state = newLiveState(now);
    for (const event of eventsOf({ kind: 'never-built' }, copied))
      state = liveStateAfter(state, event);
    const lines = drawLive(state, { now, columns: 90, rows: 20 });
    expect(lines[1]).toMatch(/COPY 0 \/ +1\.2s/);
    expect(lines[2]).toMatch(/COPY 1 \/ +src\/a\.js changed \(0123.*  1\.2s/);
  });
});

test.each<[StepCacheStory, string]>([
  [
    {
      kind: 'differs',
      earlier,
      differences: [
        {
          kind: 'instruction',
          part: 'command',
          before: `cmd /S /C ${'x'.repeat(100)} one`,
          now: `cmd /S /C ${'x'.repeat(100)} two\nand more`,
        },
      ],
    },
    `the command is now "…${'x'.repeat(29)} two ⏎ and more", was "…${'x'.repeat(29)} one"`,
  ],
  [
    { kind: 'pruned', earlier, prunedAt: now },
    'its record was removed from the cache (just now); nothing else is different',
  ],
  [
    { kind: 'layer-gone', earlier, layer: digest },
    'its layer aaaaaaaaaaaa is no longer in the store; nothing else is different',
  ],
  [
    { kind: 'asked', by: { kind: 'from-line', line: 4 } },
    'asked to run from line 4 on without cache (--rerun-from)',
  ],
  [
    { kind: 'matched', earlier: { builtAt: 1, from: 'type=registry,ref=r/c' } },
    'same as in the shared cache type=registry,ref=r/c: no change of files',
  ],
  [
    {
      kind: 'differs',
      earlier,
      differences: [
        { kind: 'base', reference: 'nano:1', before: digest, now: sha256Digest('b'.repeat(64)) },
      ],
    },
    'the base nano:1 is now bbbbbbbbbbbb, was aaaaaaaaaaaa',
  ],
  [
    {
      kind: 'differs',
      earlier,
      differences: [{ kind: 'instruction', part: 'user', now: 'x'.repeat(100) }],
    },
    `the user is new: "${'x'.repeat(79)}…"`,
  ],
  [
    { kind: 'differs', earlier, differences: [{ kind: 'variable', name: 'A', before: '1' }] },
    'A is gone, was "1"',
  ],
  [
    {
      kind: 'differs',
      earlier,
      differences: [{ kind: 'parent', text: 'COPY a /', before: 'COPY b /' }],
    },
    'below it stands COPY a /, was COPY b /',
  ],
])('%o', (story, expected) => {
  const plain = new PlainProgress();
  const lines = eventsOf(story).flatMap(event => plain.lines(event));
  expect(lines).toContain(`#1 cache: ${expected}`);
});
