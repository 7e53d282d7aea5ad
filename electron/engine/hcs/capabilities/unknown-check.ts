import type { HostCheck } from '../../../../shared/ipc/host-views.ts';

/** A check whose question was not answered; `reason` is a sentence. */
export function unknownCheck(
  common: Pick<HostCheck, 'check' | 'title'>,
  reason = 'Windows does not tell.',
): HostCheck {
  return { ...common, state: 'unknown', found: 'unknown', meaning: reason };
}
