/** Blocks this thread for `ms`. For the rare short waits in code that is synchronous from end to end. */
export function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
