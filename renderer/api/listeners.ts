/** Callbacks by key. A callback that throws does not keep the others from being told. */
export interface Listeners<T> {
  add(key: string, callback: (value: T) => void): () => void;
  tell(key: string, value: T): void;
}

export function createListeners<T>(): Listeners<T> {
  const byKey = new Map<string, Set<(value: T) => void>>();
  return {
    add(key, callback) {
      const callbacks = byKey.get(key) ?? new Set();
      byKey.set(key, callbacks.add(callback));
      return () => callbacks.delete(callback);
    },
    tell(key, value) {
      for (const callback of byKey.get(key) ?? []) {
        try {
          callback(value);
        } catch (error) {
          reportError(error);
        }
      }
    },
  };
}
