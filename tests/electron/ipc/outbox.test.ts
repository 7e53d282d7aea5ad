import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createOutbox } from '../../../electron/ipc/outbox.ts';
import type { EventMessage } from '../../../shared/ipc/bridge.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function recorder(ready = () => true) {
  const batches: (readonly EventMessage[])[] = [];
  let slow = 0;
  const outbox = createOutbox({
    send: batch => batches.push(batch),
    ready,
    tooSlow: () => (slow += 1),
  });
  return { outbox, batches, slow: () => slow };
}

const grew = (total: number): EventMessage => ({
  event: 'build.logGrew',
  payload: { buildId: 'a', total },
});
const started = (seq: number): EventMessage => ({
  event: 'build.events',
  payload: { buildId: 'a', events: [{ kind: 'step-started', stepId: '0.0', seq, time: 0 }] },
});
const command = (name: string): EventMessage => ({
  event: 'app.command',
  payload: { command: name },
});

test('sends at most one batch in 33 ms, with the last state of what was outdated', () => {
  const { outbox, batches } = recorder();
  for (let total = 1; total <= 1000; total++) outbox.post(grew(total));
  vi.advanceTimersByTime(33);
  expect(batches).toEqual([[grew(1000)]]);
});

test('keeps every event of a build, in order, and every command', () => {
  const { outbox, batches } = recorder();
  for (const message of [started(0), command('one'), started(1), command('two'), started(2)]) {
    outbox.post(message);
  }
  vi.advanceTimersByTime(33);
  const [batch = []] = batches;
  const seqs = batch.flatMap(message =>
    message.event === 'build.events' ? message.payload.events.map(event => event.seq) : [],
  );
  expect(seqs).toEqual([0, 1, 2]);
  expect(batch.slice(1)).toEqual([command('one'), command('two')]);
});

const said = (line: string): EventMessage => ({
  event: 'kept.output',
  payload: { buildId: 'a', stream: 'stdout', lines: [line] },
});

test('keeps every line that a shell says, and sends them before the answer', () => {
  const { outbox, batches } = recorder();
  outbox.post(grew(1));
  outbox.beforeReply();
  expect(batches).toEqual([]);
  outbox.post(said('one'));
  outbox.post(said('two'));
  outbox.beforeReply();
  expect(batches).toEqual([[grew(1), said('one'), said('two')]]);
  vi.advanceTimersByTime(100);
  expect(batches).toHaveLength(1);
});

test('holds events back while the client is busy, and sends them when it is not', () => {
  let ready = false;
  const { outbox, batches } = recorder(() => ready);
  outbox.post(started(0));
  vi.advanceTimersByTime(1000);
  expect(batches).toEqual([]);
  ready = true;
  vi.advanceTimersByTime(33);
  expect(batches).toEqual([[started(0)]]);
});

test('lets a client go that takes nothing, instead of gathering without end', () => {
  const { outbox, batches, slow } = recorder(() => false);
  for (let seq = 0; seq < 30_000; seq++) outbox.post(started(seq));
  vi.advanceTimersByTime(1000);
  expect([slow(), batches]).toEqual([1, []]);
});
