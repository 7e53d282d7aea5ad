/** What to do about a page that crashed. */
export type CrashAnswer = 'reload' | 'give-up';

const mostCrashes = 3;
const withinMs = 60_000;

/** Gives up at the third crash within a minute: a page that crashes at once would reload for ever. */
export function createCrashBreaker(now: () => number = Date.now): () => CrashAnswer {
  let crashes: number[] = [];
  return () => {
    const time = now();
    crashes = [...crashes.filter(crash => time - crash < withinMs), time];
    return crashes.length < mostCrashes ? 'reload' : 'give-up';
  };
}
