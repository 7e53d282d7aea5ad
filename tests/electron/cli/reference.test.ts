import path from 'node:path';
import { expect, test } from 'vitest';
import { createProgram } from '../../../electron/cli/program.ts';
import { commandReference } from '../../../electron/cli/reference.ts';

test('docs/cli.md says what the command line really offers', async () => {
  const program = createProgram('0', () => undefined);
  const file = path.resolve(import.meta.dirname, '../../../docs/cli.md');
  await expect(commandReference(program)).toMatchFileSnapshot(file);
});
