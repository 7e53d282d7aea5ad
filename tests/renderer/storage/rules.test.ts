import { describe, expect, test } from 'vitest';
import { noRules, policyOf, problemOf } from '../../../renderer/features/storage/rules.ts';
import { storageInputs } from '../../../shared/ipc/storage-contract.ts';

describe('the rules of a cleanup', () => {
  test('without any, are a policy that takes only what nothing needs', () => {
    const { policy } = policyOf(noRules);
    expect(policy).toMatchObject({ keepTagged: true });
    expect(Object.keys(policy).toSorted()).toEqual(['keepTagged', 'kinds']);
    expect(policy.kinds).not.toContain('builds');
  });

  test('are days, GB and a number, and the contract takes them', () => {
    const rules = { days: '0.5', gigabytes: '1.5', keepLast: '3', named: true, history: true };
    const input = policyOf(rules);
    expect(input.policy).toMatchObject({
      olderThanMs: 43_200_000,
      maxBytes: 1_500_000_000,
      keepLast: 3,
      keepTagged: false,
    });
    expect(input.policy.kinds).toContain('builds');
    expect(storageInputs['storage.preview'].parse(input)).toEqual(input);
  });

  test.each(['-1', 'x', '1e9', 'NaN', 'Infinity'])('cannot be %j', text => {
    expect(problemOf(text, false)).toBeDefined();
  });

  test('may be empty, and halves only where that makes sense', () => {
    expect(problemOf(' ', true)).toBeUndefined();
    expect(problemOf('0.5', false)).toBeUndefined();
    expect(problemOf('0.5', true)).toBeDefined();
  });
});
