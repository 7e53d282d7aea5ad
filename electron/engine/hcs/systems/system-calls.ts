import type { ProcessInformation } from '../../win32/process-information.ts';

/** How one compute system is driven: computecore.dll and vmcompute.dll do the same things in different ways. */
export interface SystemCalls {
  /** Creates it and begins to watch it. */
  create(document: string, signal?: AbortSignal): Promise<void>;
  start(signal?: AbortSignal): Promise<void>;
  /** Ends every process in it. Nothing happens where it has ended, or was never created. */
  terminate(): Promise<void>;
  /** Lets go of its handle, after `terminate` and after its processes are closed. Idempotent. */
  close(): Promise<void>;
  /** The document that answers a PropertyQuery. */
  properties(query: string): Promise<string>;
  createProcess(
    document: string,
    watcher: ProcessWatcher,
    signal?: AbortSignal,
  ): Promise<ProcessCalls>;
}

/** Is told of a process once. */
export interface ProcessWatcher {
  ended(exitCode: number): void;
  /** How it ended cannot be found out. */
  lost(error: unknown): void;
}

export interface ProcessCalls {
  readonly information: ProcessInformation;
  /** Ends it; one that has ended already is no failure. */
  kill(): Promise<void>;
  close(): Promise<void>;
}
