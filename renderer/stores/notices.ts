import { createStore, type StoreApi } from 'zustand/vanilla';
import { explain, failureOf } from '../../shared/failure.ts';

/** Something told in passing. */
export interface Notice {
  readonly noticeId: number;
  readonly tone: 'ok' | 'info' | 'bad';
  readonly message: string;
  readonly advice?: string;
  /** What it is about, such as a build id: it goes away once that is in view. */
  readonly about?: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

export type NewNotice = Omit<Notice, 'noticeId'>;

export interface Notices {
  /** Oldest first. */
  readonly shown: readonly Notice[];
  readonly tell: (notice: NewNotice) => void;
  /** Tells what was thrown, `while` says in doing what. Says nothing when it was cancelled. */
  readonly tellError: (error: unknown, doing: string) => void;
  readonly dismiss: (noticeId: number) => void;
  readonly dismissAbout: (about: string) => void;
}

const mostShown = 4;

export function createNotices(): StoreApi<Notices> {
  let last = 0;
  return createStore<Notices>()((set, get) => ({
    shown: [],
    tell(notice) {
      last += 1;
      const shown = [...get().shown, { ...notice, noticeId: last }];
      set({ shown: shown.slice(-mostShown) });
    },
    tellError(error, doing) {
      const failure = failureOf(error);
      if (failure.code === 'cancelled') return;
      const { message, advice } = explain(failure);
      get().tell({
        tone: 'bad',
        message: `${doing}: ${message}`,
        ...(advice === undefined ? {} : { advice }),
      });
    },
    dismissAbout(about) {
      set({ shown: get().shown.filter(notice => notice.about !== about) });
    },
    dismiss(noticeId) {
      set({ shown: get().shown.filter(notice => notice.noticeId !== noticeId) });
    },
  }));
}
