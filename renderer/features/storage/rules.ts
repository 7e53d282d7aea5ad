import type { InputOf } from '../../../shared/ipc/contract.ts';
import type { PolicyKind } from '../../../shared/ipc/storage-views.ts';

/** What is filled in to clean up; texts, as they are typed. */
export interface Rules {
  readonly days: string;
  readonly gigabytes: string;
  readonly keepLast: string;
  readonly named: boolean;
  readonly history: boolean;
}

export const noRules: Rules = {
  days: '',
  gigabytes: '',
  keepLast: '',
  named: false,
  history: false,
};

const day = 86_400_000;
const alwaysKinds: readonly PolicyKind[] = [
  'images',
  'bases',
  'build-cache',
  'layer-cache',
  'layer-index',
  'downloads',
  'windows',
];

/** What is wrong with a field; undefined where it will do. */
export function problemOf(text: string, whole: boolean): string | undefined {
  if (text.trim() === '') return undefined;
  const number = Number(text);
  if (!Number.isFinite(number) || number < 0) return 'This is not a number.';
  if (whole && !Number.isInteger(number)) return 'This is not a whole number.';
  return number > 100_000 ? 'This is more than anybody has.' : undefined;
}

/** The policy that the rules stand for. */
export function policyOf(rules: Rules): Extract<InputOf<'storage.preview'>, { policy: unknown }> {
  const { days, gigabytes, history, keepLast, named } = rules;
  const given = (text: string) => text.trim() !== '';
  return {
    policy: {
      ...(given(days) ? { olderThanMs: Math.round(Number(days) * day) } : {}),
      ...(given(gigabytes) ? { maxBytes: Math.round(Number(gigabytes) * 1e9) } : {}),
      ...(given(keepLast) ? { keepLast: Number(keepLast) } : {}),
      keepTagged: !named,
      kinds: history ? [...alwaysKinds, 'builds'] : [...alwaysKinds],
    },
  };
}
