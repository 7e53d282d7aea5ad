import { useEffect, useRef, useState } from 'react';
import type { Channel, InputOf, Output } from '../../../shared/ipc/contract.ts';
import { loading, settled, type Loadable } from '../../stores/loadable.ts';
import { useApp } from '../context.tsx';

export interface Answers<T> {
  /** In the order of the questions. */
  readonly answers: readonly Loadable<T>[];
  readonly retry: () => void;
  /** Stops the work; the answers that are missing are then failures. */
  readonly cancel: () => void;
}

export interface Answer<T> {
  readonly answer: Loadable<T>;
  readonly retry: () => void;
  readonly cancel: () => void;
}

const cancelled: Loadable<never> = { kind: 'failed', failure: { code: 'cancelled' } };

/**
 * Asks the same of several inputs, and again whenever they or `version` change. Answers that come too late are
 * dropped. While something is asked anew (`version`), the former answer stays.
 */
export function useAnswers<C extends Channel>(
  channel: C,
  inputs: readonly InputOf<C>[],
  version?: unknown,
): Answers<Output<C>> {
  const { api } = useApp();
  const [tries, setTries] = useState(0);
  const [known, setKnown] = useState<ReadonlyMap<string, Loadable<Output<C>>>>(new Map());
  const running = useRef<AbortController>(undefined);
  const questions = inputs.map(input => JSON.stringify(input));
  const all = JSON.stringify(questions);
  useEffect(() => {
    const controller = new AbortController();
    running.current = controller;
    const asked = inputs.map(
      async input => await settled(api.request(channel, input, controller.signal)),
    );
    void Promise.all(asked).then(answers => {
      if (controller.signal.aborted) return;
      setKnown(new Map(answers.map((answer, index) => [questions[index] ?? '', answer])));
    });
    return () => controller.abort();
    // oxlint-disable-next-line react/exhaustive-deps -- `all` stands for the inputs
  }, [api, channel, all, version, tries]);
  return {
    answers: questions.map(question => known.get(question) ?? loading),
    retry: () => {
      setKnown(new Map());
      setTries(tries + 1);
    },
    cancel: () => {
      running.current?.abort();
      setKnown(new Map(questions.map(question => [question, known.get(question) ?? cancelled])));
    },
  };
}

/** Asks one question; see `useAnswers`. */
export function useAnswer<C extends Channel>(
  channel: C,
  input: InputOf<C>,
  version?: unknown,
): Answer<Output<C>> {
  const { answers, retry, cancel } = useAnswers(channel, [input], version);
  return { answer: answers[0] ?? loading, retry, cancel };
}

/** An answer that stays until the next one has come, so that what is looked at does not flicker or lose the focus. */
export function useHeld<T>(answer: Loadable<T>): Loadable<T> {
  const [held, setHeld] = useState(answer);
  if (answer.kind !== 'loading' && answer !== held) setHeld(answer);
  return answer.kind === 'loading' && held.kind === 'ready' ? held : answer;
}

const typingPauseMs = 120;

/** A value that follows another one once it rests. */
export function useRested<T>(value: T): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), typingPauseMs);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}
