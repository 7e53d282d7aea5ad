import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const script = join(import.meta.dirname, '../../support/fuzz-readers.ts');
/** More for a longer run: LAYERWRIGHT_FUZZ_MS=600000 vitest run tests/electron/engine/hostile-bytes.test.ts */
const budget = Number(process.env['LAYERWRIGHT_FUZZ_MS'] ?? 1200);
/** A run that goes on from here has not been done before; LAYERWRIGHT_FUZZ_SEED repeats one. */
const seed = process.env['LAYERWRIGHT_FUZZ_SEED'] ?? '1';

test.concurrent.for([
  ['tar', 250],
  ['layer', 250],
  ['gzip', 250],
  ['pax', 200],
  ['regf', 300],
  ['pe', 250],
  ['security-descriptor', 250],
  ['sddl', 200],
] as const)(
  'the reader of %s survives damaged bytes: no bug, no hang, and less than %s MiB',
  { timeout: budget + 60_000 },
  async ([reader, mostMebibytes]) => {
    // The heap has an end of its own: who takes more than that ends the process.
    const args = ['--max-old-space-size=128', script, reader, String(budget), seed];
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      timeout: budget + 30_000,
    });
    const told = JSON.parse(stdout) as Record<string, number>;
    expect(told['runs']).toBeGreaterThan(20);
    expect(told['refused']).toBeGreaterThan(0);
    expect(told['slowestMs']).toBeLessThan(10_000);
    expect(told['peakMebibytes']).toBeLessThan(mostMebibytes);
  },
);
