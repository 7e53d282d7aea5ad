type Growable = Uint8Array | Uint32Array | Float64Array | BigInt64Array;

/** An array that doubles when it is full. */
export interface Growing<T> {
  /** The array, with room for `position`; valid until the next call. */
  room(position: number): T;
  /** The first `length` elements, without a copy. */
  cut(length: number): T;
}

/** Starts with room for a thousand elements. */
export function growing<T extends Growable>(make: (length: number) => T): Growing<T> {
  let array = make(1024);
  return {
    room(position) {
      if (position < array.length) return array;
      const larger = make(Math.max(2 * array.length, position + 1));
      // The two are of one type, which TypeScript cannot see through the union.
      (larger as Uint8Array).set(array as Uint8Array);
      array = larger;
      return array;
    },
    cut(length) {
      return array.subarray(0, length) as T;
    },
  };
}

/** Byte strings one after the other, and where each ends. */
export interface GrowingBytes {
  readonly count: number;
  add(bytes: Uint8Array): void;
  /** Adds the UTF-8 form of a text, or each character as the byte that it stands for. */
  addText(text: string, form?: 'utf8' | 'latin1'): void;
  cut(): { readonly ends: Uint32Array; readonly bytes: Uint8Array };
}

/** Starts empty. Holds at most 4 GiB. */
export function growingBytes(): GrowingBytes {
  const ends = growing(length => new Uint32Array(length));
  const bytes = growing(length => Buffer.alloc(length));
  let count = 0;
  let used = 0;
  const ended = (length: number) => {
    used += length;
    ends.room(count)[count] = used;
    count += 1;
  };
  return {
    get count() {
      return count;
    },
    add(added) {
      bytes.room(used + added.byteLength).set(added, used);
      ended(added.byteLength);
    },
    // A UTF-16 unit takes at most three bytes.
    addText: (text, form = 'utf8') =>
      ended(bytes.room(used + text.length * 3).write(text, used, form)),
    cut: () => ({ ends: ends.cut(count), bytes: bytes.cut(used) }),
  };
}
