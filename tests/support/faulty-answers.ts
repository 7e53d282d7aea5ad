import { setTimeout as pause } from 'node:timers/promises';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { Fault } from './faults.ts';

type Bytes = AsyncIterable<Uint8Array>;

/** An answer on its way to the client. */
export interface Answer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Bytes;
  /** What happens to the connection after the body. */
  readonly end: 'keep' | 'destroy';
}

/** The answer that a fault gives without asking the registry behind; undefined where that is needed. */
export function answerInstead(fault: Fault, origin: string, path: string): Answer | undefined {
  switch (fault.kind) {
    case 'html': {
      const page = Buffer.from('<!DOCTYPE html><title>Welcome to the guest network</title>\n');
      const headers = { 'content-type': 'text/html', 'content-length': page.byteLength };
      return { status: fault.status ?? 200, headers, body: once(page), end: 'keep' };
    }
    case 'huge-manifest': {
      const headers = { 'content-type': fault.mediaType, 'content-length': fault.bytes };
      return { status: 200, headers, body: hugeManifest(fault), end: 'keep' };
    }
    case 'redirect-loop':
      return redirect(302, `${origin}${path}`);
    case 'redirect':
      return redirect(fault.status ?? 307, `${fault.origin}${path}`);
    case 'status': {
      const error = { code: fault.code ?? 'UNKNOWN', message: fault.message ?? 'as ordered' };
      const body = Buffer.from(JSON.stringify({ errors: [error] }));
      const headers = {
        'content-type': 'application/json',
        'content-length': body.byteLength,
        ...fault.headers,
      };
      return { status: fault.status, headers, body: once(body), end: 'keep' };
    }
    default:
      return undefined;
  }
}

/** Makes the registry's answer wrong in the way that `fault` says. */
export function spoiled(answer: Answer, fault: Fault): Answer {
  const { headers, body } = answer;
  switch (fault.kind) {
    case 'cut':
      return { ...answer, body: firstBytes(body, fault.afterBytes), end: 'destroy' };
    case 'stall':
      return { ...answer, body: stalled(body, fault.afterBytes) };
    case 'trickle':
      return { ...answer, body: trickled(body, fault) };
    case 'wrong-content':
      return { ...answer, body: lastByteChanged(body) };
    case 'wrong-digest-header':
      return {
        ...answer,
        headers: { ...headers, 'docker-content-digest': `sha256:${'0'.repeat(64)}` },
      };
    case 'wrong-length': {
      const length = Number(headers['content-length'] ?? 0) + fault.by;
      return { ...answer, headers: { ...headers, 'content-length': length }, end: 'destroy' };
    }
    case 'endless': {
      const { 'content-length': _, ...others } = headers;
      return { ...answer, headers: others, body: endless(body) };
    }
    case 'wrong-content-range':
      return { ...answer, headers: { ...headers, ...shiftedRange(headers, fault.by) } };
    default:
      return answer;
  }
}

/** The headers of the registry's answer that are for the client, not for the connection. */
export function passedOn(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const {
    connection: _,
    'keep-alive': _alive,
    'transfer-encoding': _encoding,
    ...others
  } = headers;
  return others;
}

function redirect(status: number, location: string): Answer {
  const headers = { location, 'content-length': 0 };
  return { status, headers, body: once(new Uint8Array()), end: 'keep' };
}

async function* once(content: Uint8Array): Bytes {
  yield content;
}

async function* firstBytes(body: Bytes, limit: number): Bytes {
  let left = limit;
  for await (const chunk of body) {
    if (left > 0) yield chunk.subarray(0, left);
    left -= chunk.byteLength;
    if (left <= 0) return;
  }
}

async function* stalled(body: Bytes, limit: number): Bytes {
  yield* firstBytes(body, limit);
  await new Promise(() => undefined);
}

interface Pace {
  readonly bytes: number;
  readonly milliseconds: number;
}

async function* trickled(body: Bytes, { bytes, milliseconds }: Pace): Bytes {
  for await (const chunk of body) {
    for (let offset = 0; offset < chunk.byteLength; offset += bytes) {
      yield chunk.subarray(offset, offset + bytes);
      await pause(milliseconds);
    }
  }
}

async function* lastByteChanged(body: Bytes): Bytes {
  let held: Uint8Array | undefined;
  for await (const chunk of body) {
    if (chunk.byteLength === 0) continue;
    if (held !== undefined) yield held;
    held = chunk;
  }
  if (held === undefined) return;
  const changed = Uint8Array.from(held);
  changed[changed.byteLength - 1] = (changed.at(-1) ?? 0) ^ 1;
  yield changed;
}

async function* endless(body: Bytes): Bytes {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) {
    yield chunk;
    if (chunks.length < 16) chunks.push(chunk);
  }
  if (chunks.every(chunk => chunk.byteLength === 0)) chunks.push(new Uint8Array(65_536));
  for (;;) yield* chunks;
}

/** Looks like a manifest with a very long annotation. */
async function* hugeManifest({ bytes, mediaType }: { bytes: number; mediaType: string }): Bytes {
  const start = Buffer.from(`{"schemaVersion":2,"mediaType":"${mediaType}","annotations":{"a":"`);
  const end = Buffer.from('"}}');
  const filling = Buffer.alloc(65_536, 'x');
  yield start;
  for (let left = bytes - start.length - end.length; left > 0; left -= filling.length) {
    yield filling.subarray(0, left);
  }
  yield end;
}

function shiftedRange(headers: OutgoingHttpHeaders, by: number): OutgoingHttpHeaders {
  const match = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(String(headers['content-range']));
  if (match === null) return {};
  const [start, end] = [Number(match[1]) + by, Number(match[2]) + by];
  return { 'content-range': `bytes ${start}-${end}/${match[3]}` };
}
