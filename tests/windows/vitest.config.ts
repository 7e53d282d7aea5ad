import { defineConfig } from 'vitest/config';

const slowest = 30 * 60 * 1000;

/** `npm run test:windows`: one command, with a report on the screen and in out/windows-report.json. */
export default defineConfig({
  test: {
    include: ['tests/windows/real-host.ts'],
    testTimeout: slowest,
    hookTimeout: slowest,
    reporters: ['verbose', ['json', { outputFile: 'out/windows-report.json' }]],
  },
});
