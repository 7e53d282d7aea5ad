/**
 * `npm test`: provides the tools, runs every check and every test, and closes with one line
 * `N passed, N failed, N skipped`. Each check counts as one.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { provideTools } from './tools.ts';

const root = path.resolve(import.meta.dirname, '../..');

interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const reportSchema = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  numFailedTestSuites: z.int(),
  success: z.boolean(),
});

// In CI the inputs that take minutes are tested too: files over 8 GiB, 100,000 files.
const env = process.env['CI'] ? { ...process.env, LAYERWRIGHT_LARGE: '1' } : process.env;

function runBin(bin: string, args: readonly string[]): boolean {
  const result = spawnSync(path.join(root, 'node_modules/.bin', bin), args, {
    env,
    cwd: root,
    stdio: 'inherit',
  });
  return result.status === 0;
}

function check(title: string, bin: string, args: readonly string[]): Count {
  console.log(`\n== ${title}`);
  const ok = runBin(bin, args);
  console.log(ok ? 'ok' : `FAILED: ${bin} ${args.join(' ')}`);
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
}

function unitTests(): Count {
  console.log('\n== tests');
  const dir = mkdtempSync(path.join(tmpdir(), 'layerwright-report-'));
  try {
    const file = path.join(dir, 'report.json');
    const ok = runBin('vitest', [
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`,
    ]);
    const report = reportSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    // A suite that cannot even be loaded has no tests to count: it still is a failure.
    const unexplained =
      !ok && report.numFailedTests === 0 ? Math.max(1, report.numFailedTestSuites) : 0;
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests + unexplained,
      skipped: report.numPendingTests + report.numTodoTests,
    };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

provideTools();
const counts = [
  check('types: shared', 'tsc', ['-p', 'shared']),
  check('types: electron', 'tsc', ['-p', 'electron']),
  check('types: renderer', 'tsc', ['-p', 'renderer']),
  check('types: tests', 'tsc', ['-p', 'tests']),
  check('lint', 'oxlint', ['--type-aware']),
  check('format', 'oxfmt', ['--check']),
  check('unused code', 'knip', []),
  check('bundles', 'node', ['electron/bundle.ts']),
  unitTests(),
];
const sum = (key: keyof Count): number => counts.reduce((total, count) => total + count[key], 0);
console.log(`\n${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
process.exitCode = sum('failed') === 0 ? 0 : 1;
