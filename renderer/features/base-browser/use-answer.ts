import { useEffect, useState } from 'react';
import { useApp } from '../../app/context.tsx';
import type { Channel, InputOf, Output } from '../../../shared/ipc/contract.ts';
import { loading, settled, type Loadable } from '../../stores/loadable.ts';

/** Asks once, and again whenever `ask` or `version` changes; an answer that comes too late is dropped. */
export function useAnswer<C extends Channel>(
  channel: C,
  input: InputOf<C>,
  version: unknown,
): { readonly answer: Loadable<Output<C>>; readonly retry: () => void } {
  const { api } = useApp();
  const [tries, setTries] = useState(0);
  const [answer, setAnswer] = useState<{
    readonly of: string;
    readonly value: Loadable<Output<C>>;
  }>();
  const question = JSON.stringify([channel, input]);
  useEffect(() => {
    const controller = new AbortController();
    void settled(api.request(channel, input, controller.signal)).then(value => {
      if (!controller.signal.aborted) setAnswer({ of: question, value });
    });
    return () => controller.abort();
    // oxlint-disable-next-line react/exhaustive-deps -- `question` stands for channel and input
  }, [api, question, version, tries]);
  return {
    answer: answer?.of === question ? answer.value : loading,
    retry: () => setTries(tries + 1),
  };
}
