import { useState } from 'react';
import type { Failure } from '../../../shared/failure.ts';
import { settled } from '../../stores/loadable.ts';

/** Runs one action at a time; a failure stays in the dialog, so that one can mend the input and try again. */
export function useAction(onDone: () => void) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  async function act(action: () => Promise<void>): Promise<void> {
    setBusy(true);
    setFailure(undefined);
    const outcome = await settled(action());
    setBusy(false);
    if (outcome.kind === 'failed' && outcome.failure.code !== 'cancelled') {
      setFailure(outcome.failure);
    } else if (outcome.kind === 'ready') onDone();
  }
  return { busy, failure, act };
}
