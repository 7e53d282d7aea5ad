import type { ReactNode } from 'react';
import type { Answer } from '../../app/context/use-answers.ts';
import { FailureView } from '../../components/failure-view.tsx';
import { Waiting } from './waiting.tsx';

export interface AnsweredProps<T> {
  readonly asked: Answer<T>;
  /** "Reading the registry". */
  readonly waiting: string;
  /** "The registry could not be read". */
  readonly failed: string;
  readonly children: (value: T) => ReactNode;
}

/** What was asked for, or that it is still read, or why it could not be. */
export function Answered<T>({ asked, waiting, failed, children }: AnsweredProps<T>) {
  const { answer, retry, cancel } = asked;
  switch (answer.kind) {
    case 'loading':
      return <Waiting label={waiting} onCancel={cancel} />;
    case 'failed':
      return <FailureView title={failed} failure={answer.failure} onRetry={retry} />;
    case 'ready':
      return children(answer.value);
  }
}
