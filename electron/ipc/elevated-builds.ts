import type { EventMessage } from '../../shared/ipc/bridge.ts';
import type { BuildRequest } from '../../shared/ipc/build-request.ts';
import type { Channel, Input, Output } from '../../shared/ipc/contract.ts';
import type { EventHub } from './event-hub.ts';

/** An engine in another process, with rights that this one lacks, over the same contract. */
export interface OtherEngine {
  request<C extends Channel>(channel: C, input: Input<C>, signal?: AbortSignal): Promise<Output<C>>;
  /** Returns how to unsubscribe. */
  onEvents(listener: (events: readonly EventMessage[]) => void): () => void;
  /** Settles when it is gone. */
  readonly ended: Promise<void>;
  close(): void;
}

/** How builds get rights that this process lacks. */
export interface Elevation {
  /** Whether a build can only be done with such rights; without one, whether containers run here only with them. */
  isNeeded(request?: BuildRequest): Promise<boolean>;
  /** Starts an engine that has them; the person is asked. Fails with `elevation-refused` where the answer is no. */
  start(signal?: AbortSignal): Promise<OtherEngine>;
}

/** Builds that run in the elevated engine. It is started when it is first needed and stays until `close`. */
export interface ElevatedBuilds {
  start(request: BuildRequest, signal?: AbortSignal): Promise<{ readonly buildId: string }>;
  /** False where no such build runs there. */
  cancel(buildId: string): Promise<boolean>;
  /** Waits until a build is over, or its engine gone. False where it never ran there. */
  settled(buildId: string): Promise<boolean>;
  /** The engine, to be asked for more than builds; it is started where it does not run. */
  engine(): Promise<OtherEngine>;
  isRunning(): boolean;
  count(): number;
  /** Waits until none runs. */
  idle(): Promise<void>;
  /** Ends the engine, and with it its builds. */
  close(): Promise<void>;
}

/** What the window hears of the engine as if it came from here; the record of a build is on the disk that both share. */
const passedOn: ReadonlySet<string> = new Set([
  'build.events',
  'build.logGrew',
  'builds.changed',
  'images.changed',
  'kept.changed',
  'kept.output',
  'task.progress',
]);

export function createElevatedBuilds(
  elevate: Elevation['start'],
  events: EventHub,
): ElevatedBuilds {
  let engine: Promise<OtherEngine> | undefined;
  const underWay = createUnderWay();

  function started(): Promise<OtherEngine> {
    if (engine) return engine;
    const starting = elevate();
    engine = starting;
    starting.then(follow, () => (engine = undefined));
    return starting;
  }

  function follow(started: OtherEngine): void {
    started.onEvents(messages => messages.forEach(take));
    void started.ended.then(() => {
      engine = undefined;
      underWay.endAll();
      // Those that were cut off are interrupted now.
      events.emit('builds.changed', null);
    });
  }

  function take(message: EventMessage): void {
    if (!passedOn.has(message.event)) return;
    events.emit(message.event, message.payload);
    if (message.event !== 'build.events') return;
    const { buildId, events: told } = message.payload;
    const isOver = told.some(({ kind }) => kind === 'build-finished' || kind === 'build-failed');
    if (isOver) underWay.end(buildId);
  }

  return {
    async start(request, signal) {
      const { buildId } = await (await started()).request('build.start', request, signal);
      underWay.begin(buildId);
      return { buildId };
    },
    async cancel(buildId) {
      if (!underWay.has(buildId)) return false;
      await (await engine)?.request('build.cancel', { buildId });
      return true;
    },
    settled: async buildId => await underWay.settled(buildId),
    engine: started,
    isRunning: () => engine !== undefined,
    count: () => underWay.count(),
    idle: async () => await underWay.idle(),
    async close() {
      const open = await engine?.catch(() => undefined);
      open?.close();
      await open?.ended;
    },
  };
}

/** Which builds of the engine run, and which have. */
function createUnderWay() {
  const running = new Map<string, PromiseWithResolvers<void>>();
  /** A quick build can be over before its start is answered. */
  const over = new Set<string>();

  function end(buildId: string): void {
    over.add(buildId);
    running.get(buildId)?.resolve();
    running.delete(buildId);
  }

  return {
    begin(buildId: string): void {
      if (!over.has(buildId)) running.set(buildId, Promise.withResolvers());
    },
    end,
    endAll(): void {
      for (const buildId of running.keys()) end(buildId);
    },
    has: (buildId: string) => running.has(buildId),
    count: () => running.size,
    /** False where there never was such a build. */
    async settled(buildId: string): Promise<boolean> {
      await running.get(buildId)?.promise;
      return over.has(buildId);
    },
    async idle(): Promise<void> {
      while (running.size > 0) await Promise.all([...running.values()].map(each => each.promise));
    },
  };
}
