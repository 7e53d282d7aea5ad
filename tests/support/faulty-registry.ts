import {
  createServer,
  request as ask,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { openStore, type Store } from '../../electron/engine/content/store.ts';
import { startRegistry } from '../../electron/engine/registry-server/registry-server.ts';
import { FaultPlan, type Fault, type FaultOrder } from './faults.ts';
import { answerInstead, passedOn, spoiled, type Answer } from './faulty-answers.ts';
import { closeServer, listenOnLoopback } from './loopback.ts';
import { newTempDir } from './temp-dir.ts';

/** One request and what became of it. */
export interface LoggedRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Bytes of the request's body that were taken. */
  readonly received: number;
  /** 0 where no answer was sent. */
  readonly status: number;
  /** Bytes of the answer's body that were handed to the connection. */
  readonly sent: number;
  readonly fault: Fault['kind'] | undefined;
}

/** A registry that does wrong when told to, in front of one that does not. */
export interface FaultyRegistry extends AsyncDisposable {
  /** `127.0.0.1:49152`: the registry part of a reference. */
  readonly host: string;
  readonly url: string;
  /** In the order in which the requests came; the entry of one that is under way still changes. */
  readonly log: readonly LoggedRequest[];
  order(order: FaultOrder): void;
  /** Forgets all orders. */
  behave(): void;
}

/** Puts a faulty registry in front of the one at `upstream`, such as `http://127.0.0.1:5000`. */
export async function startFaultyRegistry(upstream: string): Promise<FaultyRegistry> {
  const plan = new FaultPlan();
  const log: LoggedRequest[] = [];
  const server = createServer((request, response) => {
    const exchange = new Exchange(request, response, { upstream, origin: `http://${host}` });
    log.push(exchange.record);
    exchange.run(plan.next(exchange.record.method, exchange.record.path)).catch(() => {
      response.destroy();
    });
  });
  const host = `127.0.0.1:${await listenOnLoopback(server)}`;
  return {
    host,
    url: `http://${host}`,
    log,
    order: order => plan.add(order),
    behave: () => plan.clear(),
    [Symbol.asyncDispose]: () => closeServer(server),
  };
}

/** A faulty registry in front of the embedded one, which serves `store` for reading and writing. */
export interface FaultyStore extends FaultyRegistry {
  readonly store: Store;
}

/** Starts one over a new store, which is gone afterwards. */
export async function startFaultyStore(): Promise<FaultyStore> {
  await using stack = new AsyncDisposableStack();
  const dir = await newTempDir();
  stack.defer(async () => await rm(dir, { recursive: true, force: true, maxRetries: 5 }));
  const store = stack.use(await openStore(path.join(dir, 'store')));
  const registry = stack.use(await startRegistry({ store, writable: true }));
  const faulty = stack.use(await startFaultyRegistry(registry.url));
  const running = stack.move();
  return { ...faulty, store, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

interface Places {
  readonly upstream: string;
  readonly origin: string;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** One request on its way through. */
class Exchange {
  readonly record: Mutable<LoggedRequest>;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #places: Places;

  constructor(request: IncomingMessage, response: ServerResponse, places: Places) {
    this.#request = request;
    this.#response = response;
    this.#places = places;
    this.record = {
      method: request.method ?? 'GET',
      path: request.url ?? '/',
      headers: request.headers,
      received: 0,
      status: 0,
      sent: 0,
      fault: undefined,
    };
  }

  async run(fault: Fault | undefined): Promise<void> {
    this.record.fault = fault?.kind;
    const instead = fault && answerInstead(fault, this.#places.origin, this.record.path);
    if (instead !== undefined) {
      this.#request.on('data', (chunk: Buffer) => (this.record.received += chunk.byteLength));
      return await this.#send(instead);
    }
    const answer = await this.#forward(fault);
    if (answer === undefined || fault?.kind === 'lost-answer') {
      for await (const _ of answer?.body ?? []) continue;
      this.#response.destroy();
      return;
    }
    await this.#send(fault === undefined ? answer : spoiled(answer, fault));
  }

  /** Undefined where the request is cut: then there is nothing to answer. */
  async #forward(fault: Fault | undefined): Promise<Answer | undefined> {
    const { method, path } = this.record;
    const moved = fault?.kind === 'moved-tag' ? path.replace(/[^/]*$/, fault.reference) : path;
    const headers: OutgoingHttpHeaders = {
      ...this.record.headers,
      host: new URL(this.#places.upstream).host,
    };
    if (fault?.kind === 'ignore-range') delete headers['range'];
    const upstream = ask(`${this.#places.upstream}${moved}`, { method, headers });
    // Whoever waits below is told; this one only keeps it from being unhandled.
    upstream.on('error', () => undefined);
    this.#response.on('close', () => upstream.destroy());
    const answered = once(upstream, 'response') as Promise<[IncomingMessage]>;
    answered.catch(() => undefined);
    await pipeline(this.#taken(fault), upstream, { end: false });
    if (fault?.kind === 'stall-request') await new Promise(() => undefined);
    if (fault?.kind === 'cut-request') {
      // What was taken still gets to the registry behind, before the client hears of the cut.
      upstream.flushHeaders();
      upstream.socket?.destroySoon();
      await once(upstream, 'close');
      return undefined;
    }
    upstream.end();
    const [response] = await answered;
    return {
      status: response.statusCode ?? 0,
      headers: this.#relocated(passedOn(response.headers)),
      body: response,
      end: 'keep',
    };
  }

  /** The request's body, as far as it is taken. */
  async *#taken(fault: Fault | undefined): AsyncGenerator<Uint8Array> {
    const limited = fault?.kind === 'cut-request' || fault?.kind === 'stall-request';
    const limit = limited ? fault.afterBytes : Infinity;
    // Not to be destroyed when the loop is left early: the connection shall stay.
    for await (const chunk of this.#request.iterator({ destroyOnReturn: false })) {
      const part = (chunk as Buffer).subarray(0, limit - this.record.received);
      this.record.received += part.byteLength;
      yield part;
      if (this.record.received >= limit) return;
    }
  }

  #relocated(headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
    const { location } = headers;
    if (typeof location !== 'string') return headers;
    return { ...headers, location: location.replace(this.#places.upstream, this.#places.origin) };
  }

  async #send({ status, headers, body, end }: Answer): Promise<void> {
    this.record.status = status;
    this.#response.writeHead(status, headers);
    this.#response.flushHeaders();
    const counted = this.#counted(body);
    await pipeline(Readable.from(counted), this.#response, { end: end === 'keep' });
    if (end === 'destroy') await this.#drainThenDestroy();
  }

  async *#counted(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of body) {
      this.record.sent += chunk.byteLength;
      yield chunk;
    }
  }

  /** The bytes before the cut arrive; the end of the answer does not. */
  async #drainThenDestroy(): Promise<void> {
    const { socket } = this.#response;
    if (socket === null) return;
    while (socket.writableLength > 0 && !socket.destroyed) await once(socket, 'drain');
    socket.destroySoon();
  }
}
