import type { Duplex } from 'node:stream';

/** A connection that carries JSON values, one on a line. */
export interface Frames {
  send(value: unknown): void;
  /** Bytes that the other side has not taken yet. */
  waiting(): number;
  /** Ends the connection at once. */
  close(): void;
}

interface Limits {
  /** Largest frame that is taken, in bytes; it may change while the connection lives. */
  readonly maxFrame: () => number;
}

/**
 * Splits what arrives on `stream` into frames and hands each on, in order. A frame that is too large or no JSON ends
 * the connection: whoever sends such a thing does not speak our language. `onEnd` is called once.
 */
export function readFrames(
  stream: Duplex,
  { maxFrame }: Limits,
  handlers: { readonly onFrame: (value: unknown) => void; readonly onEnd: () => void },
): Frames {
  let parts: Buffer[] = [];
  let size = 0;
  let ended = false;

  function end(): void {
    if (ended) return;
    ended = true;
    parts = [];
    stream.destroy();
    handlers.onEnd();
  }

  function take(line: Buffer): void {
    let value: unknown;
    try {
      value = JSON.parse(line.toString('utf8'));
    } catch {
      return end();
    }
    handlers.onFrame(value);
  }

  function receive(chunk: Buffer): void {
    let start = 0;
    for (let at = chunk.indexOf(10); at >= 0 && !ended; at = chunk.indexOf(10, start)) {
      const line = Buffer.concat([...parts, chunk.subarray(start, at)]);
      parts = [];
      size = 0;
      start = at + 1;
      if (line.length > maxFrame()) return end();
      take(line);
    }
    const rest = chunk.subarray(start);
    size += rest.length;
    if (size > maxFrame()) return end();
    if (rest.length > 0) parts.push(rest);
  }

  stream.on('data', receive);
  stream.on('error', end);
  stream.on('close', end);
  return {
    send(value) {
      if (!ended) stream.write(`${JSON.stringify(value)}\n`);
    },
    waiting: () => stream.writableLength,
    close: end,
  };
}
