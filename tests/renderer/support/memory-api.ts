import type { Channel, EventName, Events, InputOf, Output } from '../../../shared/ipc/contract.ts';
import { AppError } from '../../../shared/failure.ts';
import type { Api, ConnectionState } from '../../../renderer/api/api.ts';

export type Answers = {
  [C in Channel]?: (input: InputOf<C>) => Output<C> | Promise<Output<C>>;
};

export interface MemoryApi extends Api {
  tell<E extends EventName>(event: E, payload: Events[E]): void;
  connection(state: ConnectionState): void;
  /** Every request so far. */
  readonly asked: { channel: Channel; input: unknown }[];
}

/** An Api that answers from this process, in the same order of turns as a real one: never at once. */
export function memoryApi(answers: Answers): MemoryApi {
  const listeners = new Map<string, Set<(payload: never) => void>>();
  const asked: MemoryApi['asked'] = [];
  const call = (key: string, payload: unknown) => {
    for (const listener of listeners.get(key) ?? []) listener(payload as never);
  };
  const add = (key: string, listener: (payload: never) => void) => {
    listeners.set(key, (listeners.get(key) ?? new Set()).add(listener));
    return () => listeners.get(key)?.delete(listener);
  };
  return {
    asked,
    async request<C extends Channel>(channel: C, input: InputOf<C>): Promise<Output<C>> {
      asked.push({ channel, input });
      await Promise.resolve();
      const answer = answers[channel];
      if (answer === undefined) {
        throw new AppError({ code: 'bad-request', field: channel, problem: 'is not answered' });
      }
      return await answer(input);
    },
    on: (event, listener) => add(event, listener),
    onConnection: listener => add('connection', listener),
    tell: (event, payload) => call(event, payload),
    connection: state => call('connection', state),
  };
}

/** Lets everything run that is ready to run. */
export function turns(): Promise<void> {
  return new Promise(resolve => {
    setTimeout(resolve);
  });
}
