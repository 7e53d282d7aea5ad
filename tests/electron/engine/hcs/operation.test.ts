import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { runOperation } from '../../../../electron/engine/hcs/systems/operation.ts';
import { openLibraries } from '../../../../electron/engine/win32/libraries.ts';
import { loadDoubles } from '../../../support/doubles.ts';

test('an operation is closed when the call that cancels it has come back, and not under it', async () => {
  const { computecore } = openLibraries((await loadDoubles()).libraries);
  const order: string[] = [];
  const aborted = Promise.withResolvers<void>();
  const controller = new AbortController();
  const core: typeof computecore = {
    ...computecore,
    async cancelOperation() {
      aborted.resolve();
      await setTimeout(20);
      order.push('cancelled');
      return [];
    },
    async waitForOperationResult() {
      controller.abort();
      await aborted.promise;
      return { status: 0, outs: [''] };
    },
    async closeOperation(operation) {
      order.push('closed');
      await computecore.closeOperation(operation);
    },
  };
  const request = { api: 'HcsStartComputeSystem', subject: 'one', call: async () => 0 };
  await runOperation(core, { ...request, signal: controller.signal });
  expect(order).toEqual(['cancelled', 'closed']);
});
