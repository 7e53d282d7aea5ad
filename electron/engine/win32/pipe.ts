import { Socket } from 'node:net';
import { koffi } from './koffi.ts';
import type { Handle } from './parameter.ts';
import type { ProcessInformation } from './process-information.ts';

/** The reading end of a pipe that HCS made. */
export interface Pipe {
  /** What is written at the other end; ends when that is closed. Can be read once. */
  readonly output: AsyncIterable<Uint8Array>;
  /** Closes it, read or not. Idempotent. */
  close(): void;
}

/**
 * Takes a pipe over: from here on only the result closes it. libuv reads it without a thread of ours; go-winio, which
 * hcsshim gives these handles to, reads them by completion ports as well. Where `handle` is 0 there is nothing to read.
 */
export function openPipe(handle: Handle): Pipe {
  if (handle === 0n) return { output: nothing(), close: () => undefined };
  // Exported by Node itself: node.exe has its own table of file descriptors, which a DLL of the C runtime does not share.
  const open = koffi().load(null).func('int uv_open_osfhandle(void *handle)') as (
    handle: Handle,
  ) => number;
  const socket = new Socket({ fd: open(handle), readable: true, writable: false });
  // An error matters to who reads; it must not end the process where nobody does.
  socket.on('error', () => undefined);
  return { output: socket, close: () => void socket.destroy() };
}

/** Closes the pipes of a process that nobody is going to read. */
export function closePipes({ stdInput, stdOutput, stdError }: ProcessInformation): void {
  for (const handle of [stdInput, stdOutput, stdError]) openPipe(handle).close();
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  // A pipe that was not made says nothing.
}
