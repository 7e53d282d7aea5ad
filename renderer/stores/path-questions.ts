import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Api } from '../api/api.ts';

export interface PathQuestion {
  readonly kind: 'openFolder' | 'openFile' | 'saveFile';
  readonly title: string;
  /** For a file to save. */
  readonly suggestedName?: string;
}

export interface PathQuestions {
  /** The question that waits to be typed an answer to. */
  readonly waiting?: PathQuestion | undefined;
  /** Asks for a path, by the system's dialog where there is one; gives undefined when it was called off. */
  readonly ask: (question: PathQuestion) => Promise<string | undefined>;
  /** Answers the question that waits; undefined calls it off. */
  readonly answer: (path: string | undefined) => void;
}

/** Asks for paths. `hasDialogs` tells whether the host can show the system's own dialogs. */
export function createPathQuestions(api: Api, hasDialogs: () => boolean): StoreApi<PathQuestions> {
  let settle: ((path: string | undefined) => void) | undefined;
  return createStore<PathQuestions>()((set, get) => ({
    async ask(question) {
      if (hasDialogs()) return (await askHost(api, question)).path;
      get().answer(undefined);
      const { promise, resolve } = Promise.withResolvers<string | undefined>();
      settle = resolve;
      set({ waiting: question });
      return promise;
    },
    answer(path) {
      set({ waiting: undefined });
      settle?.(path);
      settle = undefined;
    },
  }));
}

function askHost(api: Api, { kind, title, suggestedName }: PathQuestion) {
  switch (kind) {
    case 'openFolder':
      return api.request('dialog.openFolder', {});
    case 'openFile':
      return api.request('dialog.openFile', { title });
    case 'saveFile':
      return api.request('dialog.saveFile', { title, suggestedName: suggestedName ?? 'image' });
  }
}
