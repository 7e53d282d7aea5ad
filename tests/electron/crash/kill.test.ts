import { randomInt } from 'node:crypto';
import { expect, test } from 'vitest';
import { killAtRandom } from './kill-run.ts';

/** `LAYERWRIGHT_KILLS=200 npx vitest run tests/electron/crash` for the whole number; a seed repeats a run. */
const kills = Number(process.env['LAYERWRIGHT_KILLS'] ?? 20);
const seed = Number(process.env['LAYERWRIGHT_SEED'] ?? randomInt(2 ** 31));

test(
  `survives ${kills} kills at random moments of builds, pulls and collections, two at a time as well`,
  { timeout: 60_000 + kills * 10_000 },
  async () => {
    const report = await killAtRandom(kills, seed);
    process.stderr.write(`kills with seed ${seed}: ${JSON.stringify(report)}\n`);
    expect(report.kills.build + report.kills.pull + report.kills.gc).toBe(kills);
    expect(report.beside).toBeGreaterThan(0);
  },
);
