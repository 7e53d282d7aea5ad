import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Events } from '../../shared/ipc/contract.ts';
import type { Api } from '../api/api.ts';

export type Task = Events['task.progress'];

export interface Tasks {
  /** Long requests that run now, by task. */
  readonly running: ReadonlyMap<string, Task>;
}

/** How far the long requests are. */
export function createTasks(api: Api): StoreApi<Tasks> {
  return createStore<Tasks>()((set, get) => {
    api.on('task.progress', task => {
      const running = new Map(get().running);
      if (task.done) running.delete(task.task);
      else running.set(task.task, task);
      set({ running });
    });
    api.onConnection(() => set({ running: new Map() }));
    return { running: new Map() };
  });
}
