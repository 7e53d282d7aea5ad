import { mkdirSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { failureOf } from '../../../shared/failure.ts';
import type { BuildEvent, BuildEventBody } from '../../../shared/ipc/build-events.ts';
import type { BuildRequest } from '../../../shared/ipc/build-request.ts';
import type { BuildSummary } from '../../../shared/ipc/build-views.ts';
import { createEventWriter, type EventWriter } from './event-file.ts';
import { createLogWriter, type LogWriter } from './log/log-writer.ts';
import type { State } from './state.ts';
import { summaryAfter } from './summary.ts';

/** Puts one build on record while it runs: its row in the history, its events and its log. */
export interface BuildRecorder {
  readonly summary: BuildSummary;
  /** Numbers and dates the event and writes it down. Throws AppError `disk-full`, `file-system` or one of the history's. */
  record(body: BuildEventBody): BuildEvent;
  /** Hands gathered output lines to the system. */
  flush(): void;
  /** Ends the record with `outcome` where no closing event came before; returns that event. Never throws. */
  close(outcome: BuildEventBody): BuildEvent | undefined;
}

/** Begins the record of a build in `state`. Throws AppError where that cannot be written. */
export function createBuildRecorder(state: State, request: BuildRequest): BuildRecorder {
  const summary = state.history.begin(request, state.claim().owner);
  const buildDir = state.buildDir(summary.buildId);
  try {
    mkdirSync(buildDir, { recursive: true });
    const log = createLogWriter(buildDir);
    return new Recorder({ state, log, events: createEventWriter(buildDir) }, summary);
  } catch (error) {
    const failure = failureOf(error);
    state.history.save({ ...summary, status: 'failed', finishedAt: Date.now(), failure });
    throw error;
  }
}

interface Target {
  readonly state: State;
  readonly events: EventWriter;
  readonly log: LogWriter;
}

class Recorder implements BuildRecorder {
  readonly #target: Target;
  #summary: BuildSummary;
  #nextSeq = 0;
  #lastStage: number | undefined;

  constructor(target: Target, summary: BuildSummary) {
    this.#target = target;
    this.#summary = summary;
  }

  get summary(): BuildSummary {
    return this.#summary;
  }

  record(body: BuildEventBody): BuildEvent {
    const event = this.#take(body);
    this.#write(event);
    return event;
  }

  flush(): void {
    this.#target.log.flush();
  }

  close(outcome: BuildEventBody): BuildEvent | undefined {
    const closing = this.#summary.status === 'running' ? this.#take(outcome) : undefined;
    const { events, log, state } = this.#target;
    // On a full disk any of these can fail. What the build itself said is what counts, so each is tried.
    attempt(() => log.close());
    attempt(() => closing && events.append(closing));
    attempt(() => events.close());
    attempt(() => {
      const recordBytes = bytesIn(state.buildDir(this.#summary.buildId));
      this.#summary = { ...this.#summary, recordBytes };
    });
    attempt(() => state.history.save(this.#summary));
    return closing;
  }

  #take(body: BuildEventBody): BuildEvent {
    const event = { ...body, seq: this.#nextSeq, time: Date.now() };
    this.#nextSeq += 1;
    if (event.kind === 'build-planned') this.#lastStage = event.stages.at(-1)?.stage;
    this.#summary = summaryAfter(this.#summary, event, this.#lastStage);
    return event;
  }

  #write(event: BuildEvent): void {
    const { events, log, state } = this.#target;
    if (event.kind === 'step-output') log.append(event);
    else {
      // Whoever reads that a step has ended can read all that it said.
      log.flush();
      events.append(event);
    }
    if (savedAfter.has(event.kind)) state.history.save(this.#summary);
  }
}

/** The events after which the row is written, so that an interrupted build shows how far it came. */
const savedAfter: ReadonlySet<BuildEvent['kind']> = new Set([
  'build-started',
  'build-planned',
  'step-finished',
  'build-finished',
  'build-failed',
]);

/** So that nobody has to look through the folders of thousands of builds to say what they take. */
function bytesIn(dir: string): number {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true });
  return files
    .filter(file => file.isFile())
    .reduce((sum, file) => sum + statSync(path.join(file.parentPath, file.name)).size, 0);
}

function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // See the caller.
  }
}
