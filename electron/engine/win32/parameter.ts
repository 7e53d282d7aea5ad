import { guidBytes, guidText } from './guid.ts';
import { koffi, type KoffiType } from './koffi.ts';

/** A handle or pointer; NULL is 0. */
export type Handle = bigint;

/** What a function is given. `pass` checks the value: koffi takes a number for a string as an address, and crashes. */
export interface In<T> {
  readonly direction: 'in';
  readonly type: () => KoffiType;
  readonly pass: (value: T) => unknown;
}

/** What a function gives back through a pointer. */
export interface Out<T> {
  readonly direction: 'out';
  readonly type: () => KoffiType;
  /** What koffi writes into. */
  readonly cell: () => unknown;
  readonly take: (cell: unknown) => T;
}

/** What a function is given in every call. */
export interface Fixed {
  readonly direction: 'fixed';
  readonly type: () => KoffiType;
  readonly value: unknown;
}

export type Parameter = In<never> | Out<unknown> | Fixed;

/** The arguments of a call: the `In`s among its parameters. */
export type Arguments<P extends readonly Parameter[]> = P extends readonly [infer F, ...infer R]
  ? R extends readonly Parameter[]
    ? F extends In<infer T>
      ? [T, ...Arguments<R>]
      : Arguments<R>
    : never
  : [];

/** What a call gives back: the `Out`s among its parameters. */
export type Outputs<P extends readonly Parameter[]> = P extends readonly [infer F, ...infer R]
  ? R extends readonly Parameter[]
    ? F extends Out<infer T>
      ? [T, ...Outputs<R>]
      : Outputs<R>
    : never
  : [];

function refuse(expected: string, value: unknown): never {
  throw new TypeError(`a native call wants ${expected}, not ${typeof value} ${String(value)}`);
}

function checkedString(value: unknown): string {
  if (typeof value !== 'string') refuse('a string', value);
  // The rest would be cut off silently.
  if (value.includes('\0')) refuse('a string without NUL', JSON.stringify(value));
  return value;
}

function input<T>(type: string, pass: (value: T) => unknown): In<T> {
  return { direction: 'in', type: () => type, pass };
}

/** PCWSTR. */
export const wide: In<string> = input('str16', checkedString);
/** PCWSTR that may be NULL. */
export const wideOrNull: In<string | null> = input('str16', value =>
  value === null ? null : checkedString(value),
);
/** HANDLE and everything that DECLARE_HANDLE makes; also untyped pointers that were given to us. */
export const handle: In<Handle> = input('void *', value =>
  typeof value === 'bigint' ? value : refuse('a handle', value),
);
/** A pointer that is always NULL here: reserved, a default security descriptor, or no callback. */
export const none: Fixed = { direction: 'fixed', type: () => 'void *', value: null };
/** DWORD, ULONG, UINT. */
export const u32: In<number> = input('uint32', value =>
  Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff
    ? value
    : refuse('an unsigned 32-bit number', value),
);
/** UINT64; also SIZE_T and ULONG_PTR, as every Windows with containers has 64 bits. */
export const u64: In<number> = input('uint64', value =>
  Number.isSafeInteger(value) && value >= 0 ? value : refuse('a size', value),
);
/** BOOL. */
export const bool: In<boolean> = input('int32', value => (value ? 1 : 0));
/** A buffer that the function reads or fills; the caller keeps it unchanged until the call has ended. */
export const buffer: In<Uint8Array> = input('void *', value =>
  value instanceof Uint8Array ? value : refuse('a buffer', value),
);
/** The same, where NULL is a value as well. */
export const bufferOrNull: In<Uint8Array | null> = input('void *', value =>
  value === null || value instanceof Uint8Array ? value : refuse('a buffer or NULL', value),
);
/** REFGUID. */
export const guid: In<string> = input('void *', value => guidBytes(checkedString(value)));

/** HANDLE *. */
export const outHandle: Out<Handle> = {
  direction: 'out',
  type: () => outPointer('void *'),
  cell: () => [null],
  take: cell => (cell as [bigint | null])[0] ?? 0n,
};
/** DWORD *. */
export const outU32: Out<number> = {
  direction: 'out',
  type: () => outPointer('uint32'),
  cell: () => [0],
  take: cell => (cell as [number])[0],
};
/** GUID *. */
export const outGuid: Out<string> = outBytes(16, guidText);

/** A pointer to a structure of `size` bytes that the function fills. */
export function outBytes<T>(size: number, take: (bytes: Uint8Array) => T): Out<T> {
  return {
    direction: 'out',
    type: () => 'void *',
    cell: () => new Uint8Array(size),
    take: cell => take(cell as Uint8Array),
  };
}

/** PWSTR *: a string that is ours, and that `free` gives back once it is read. Empty for NULL. */
export function outString(free: (pointer: Handle) => void): Out<string> {
  return {
    direction: 'out',
    type: () => outPointer('void *'),
    cell: () => [null],
    take(cell) {
      const pointer = (cell as [bigint | null])[0] ?? 0n;
      if (pointer === 0n) return '';
      try {
        return koffi().decode.string16(pointer);
      } finally {
        free(pointer);
      }
    },
  };
}

function outPointer(to: string): KoffiType {
  const { out, pointer } = koffi();
  return out(pointer(to));
}
