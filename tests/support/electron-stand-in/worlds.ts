/*
 * Browser-side halves of the stand-in. These functions are turned into text and run in the page, so they
 * may use nothing from outside of themselves.
 */

/** Values that cross a boundary, as JSON: what structured clone can carry, tagged. */
export interface Codec {
  encode(value: unknown, special?: (value: unknown) => unknown): unknown;
  decode(coded: unknown, special?: (tag: string, value: unknown) => unknown): unknown;
}

/** Like structured clone: a function or another thing of code cannot be cloned. */
export function makeCodec(): Codec {
  const uncloneable = 'An object could not be cloned.';

  function encode(value: unknown, special?: (value: unknown) => unknown): unknown {
    const own = special?.(value);
    if (own !== undefined) return own;
    if (value === null || typeof value === 'string' || typeof value === 'boolean')
      return { v: value };
    if (typeof value === 'number')
      return Number.isFinite(value) ? { v: value } : { t: 'number', v: String(value) };
    if (value === undefined) return { t: 'undefined' };
    if (typeof value === 'bigint') return { t: 'bigint', v: String(value) };
    if (typeof value !== 'object') throw new Error(uncloneable);
    return encodeObject(value, special);
  }

  function encodeObject(value: object, special?: (value: unknown) => unknown): unknown {
    const list = (items: Iterable<unknown>) => [...items].map(item => encode(item, special));
    if (Array.isArray(value)) return { t: 'array', v: list(value) };
    if (value instanceof Date) return { t: 'date', v: value.getTime() };
    if (value instanceof Map) return { t: 'map', v: list([...value.entries()].flat()) };
    if (value instanceof Set) return { t: 'set', v: list(value) };
    if (value instanceof Error) return { t: 'error', v: value.message };
    if (ArrayBuffer.isView(value)) {
      return {
        t: 'bytes',
        v: [...new Uint8Array(value.buffer, value.byteOffset, value.byteLength)],
      };
    }
    if (value instanceof ArrayBuffer) return { t: 'bytes', v: [...new Uint8Array(value)] };
    if (value instanceof Promise || value instanceof WeakMap) throw new Error(uncloneable);
    return {
      t: 'object',
      v: Object.entries(value).map(([key, item]) => [key, encode(item, special)]),
    };
  }

  function decode(coded: unknown, special?: (tag: string, value: unknown) => unknown): unknown {
    const { t, v } = coded as { t?: string; v?: unknown };
    const items = () => (v as unknown[]).map(item => decode(item, special));
    switch (t) {
      case undefined:
        return v;
      case 'number':
        return Number(v);
      case 'undefined':
        return undefined;
      case 'bigint':
        return BigInt(v as string);
      case 'array':
        return items();
      case 'date':
        return new Date(v as number);
      case 'set':
        return new Set(items());
      case 'error':
        return new Error(v as string);
      case 'bytes':
        return new Uint8Array(v as number[]);
      case 'map': {
        const flat = items();
        return new Map(flat.flatMap((key, i) => (i % 2 === 0 ? [[key, flat[i + 1]]] : [])));
      }
      case 'object': {
        const object: Record<string, unknown> = {};
        for (const [key, item] of v as [string, unknown][]) {
          const value = decode(item, special);
          // As structured clone does: an own property even of this name.
          Object.defineProperty(object, key, {
            value,
            enumerable: true,
            writable: true,
            configurable: true,
          });
        }
        return object;
      }
      default:
        return special?.(t, v);
    }
  }

  return { encode, decode };
}

/** A link between the two worlds of one page. Functions and promises travel as numbers. */
export interface WorldLink {
  encode(value: unknown): unknown;
  decode(coded: unknown): unknown;
  send(message: unknown): void;
}

/**
 * Both worlds see the same DOM, and an event is delivered before `dispatchEvent` returns: so a call into
 * the other world has its result at once. `own` and `other` are event names that no page can guess.
 */
export function makeLink(
  codec: Codec,
  names: { own: string; other: string },
  receive: (message: { kind: string; [key: string]: unknown }, link: WorldLink) => void,
): WorldLink {
  const target = document;
  const dispatch = target.dispatchEvent.bind(target);
  const functions = new Map<number, (...args: unknown[]) => unknown>();
  const settlers = new Map<
    number,
    { resolve(value: unknown): void; reject(error: unknown): void }
  >();
  let lastId = 0;
  let returned: unknown;

  const link: WorldLink = { encode, decode, send };

  function send(message: unknown): void {
    dispatch(new CustomEvent(names.other, { detail: JSON.stringify(message) }));
  }

  function encode(value: unknown): unknown {
    return codec.encode(value, item => {
      if (typeof item === 'function') {
        functions.set(++lastId, item as (...args: unknown[]) => unknown);
        return { t: 'function', v: lastId };
      }
      if (!(item instanceof Promise)) return undefined;
      const promiseId = ++lastId;
      item.then(
        result => send({ kind: 'resolve', promiseId, value: encode(result) }),
        (error: unknown) => send({ kind: 'reject', promiseId, message: (error as Error).message }),
      );
      return { t: 'promise', v: promiseId };
    });
  }

  function decode(coded: unknown): unknown {
    const value = codec.decode(coded, (tag, id) => {
      if (tag === 'function') return (...args: unknown[]) => call(id as number, args);
      return new Promise((resolve, reject) => settlers.set(id as number, { resolve, reject }));
    });
    return typeof value === 'object' && value !== null ? Object.freeze(value) : value;
  }

  function call(functionId: number, args: unknown[]): unknown {
    const coded = args.map(encode);
    returned = undefined;
    send({ kind: 'call', functionId, args: coded });
    const result = returned as { value?: unknown; error?: string } | undefined;
    if (result?.error !== undefined) throw new Error(result.error);
    return decode(result?.value ?? { t: 'undefined' });
  }

  function answerCall(functionId: number, args: unknown[]): void {
    try {
      const value = encode(functions.get(functionId)?.(...args.map(decode)));
      send({ kind: 'return', value });
    } catch (error) {
      send({ kind: 'return', error: (error as Error).message });
    }
  }

  target.addEventListener(names.own, event => {
    const message = JSON.parse((event as CustomEvent<string>).detail);
    if (message.kind === 'call') answerCall(message.functionId, message.args);
    else if (message.kind === 'return') returned = message;
    else if (message.kind === 'resolve')
      settlers.get(message.promiseId)?.resolve(decode(message.value));
    else if (message.kind === 'reject')
      settlers.get(message.promiseId)?.reject(new Error(message.message));
    else receive(message, link);
  });
  return link;
}

/** The half in the page's own world: puts there what the preload exposes, and nothing else. */
export function pageWorld(
  codec: Codec,
  link: typeof makeLink,
  names: { own: string; other: string },
): void {
  link(codec, names, (message, world) => {
    if (message.kind !== 'expose') return;
    Object.defineProperty(window, message['key'] as string, {
      value: world.decode(message['value']),
      enumerable: true,
    });
  });
}

/** The half in the isolated world: what `require('electron')` gives a sandboxed preload. */
export function preloadWorld(
  codec: Codec,
  link: typeof makeLink,
  names: { own: string; other: string },
): unknown {
  const world = globalThis as unknown as {
    standInCall: (text: string) => void;
    standInReceive: (text: string) => void;
  };
  const calls = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  const listeners = new Map<string, Set<(event: unknown, ...args: unknown[]) => void>>();
  let lastCall = 0;
  /** What the test is dropping: a file object knows its path only inside of Electron. */
  let dropping = '';
  const toPage = link(codec, names, () => undefined);

  world.standInReceive = text => {
    const message = JSON.parse(text);
    if (message.kind === 'event') {
      const args = message.args.map((arg: unknown) => codec.decode(arg));
      for (const listener of listeners.get(message.channel) ?? []) listener({}, ...args);
      return;
    }
    if (message.kind === 'dropping') {
      dropping = message.file;
      return;
    }
    const call = calls.get(message.callId);
    calls.delete(message.callId);
    if (message.kind === 'result') call?.resolve(codec.decode(message.value));
    else call?.reject(new Error(message.message));
  };

  return {
    contextBridge: {
      exposeInMainWorld: (key: string, value: unknown) =>
        toPage.send({ kind: 'expose', key, value: toPage.encode(value) }),
    },
    ipcRenderer: {
      invoke: (channel: string, ...args: unknown[]) =>
        new Promise((resolve, reject) => {
          const callId = ++lastCall;
          const text = JSON.stringify({
            callId,
            channel,
            args: args.map(arg => codec.encode(arg)),
          });
          calls.set(callId, { resolve, reject });
          world.standInCall(text);
        }),
      on: (channel: string, listener: (event: unknown, ...args: unknown[]) => void) => {
        listeners.set(channel, (listeners.get(channel) ?? new Set()).add(listener));
      },
    },
    webUtils: {
      getPathForFile: (file: File) => (dropping.endsWith(`/${file.name}`) ? dropping : ''),
    },
  };
}
