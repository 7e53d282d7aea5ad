/**
 * A rebuild in which nothing has changed: a Dockerfile of 30 steps over a context of many files, all of them copied by
 * some step, and a part of them twice. Against `find` that prints size and times of the same files, and `git status`
 * of a repository of them, in the same run.
 * Usage: node bench/cached-rebuild.ts [files=20000] [rounds=5]
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { measure } from './support/measure.ts';
import { median } from './support/median.ts';
import { makeTree } from './support/tree.ts';

const [files = '20000', rounds = '5'] = process.argv.slice(2);
const cli = path.resolve(import.meta.dirname, '../electron/cli.ts');
const copies = 20;
const perCopy = Math.floor(Number(files) / copies);
const bytesPerFile = 2048;
/** Prints, as a program ends, the ms since Node was ready to load the program's first module. */
const stopwatch = `data:text/javascript,${encodeURIComponent(`
  import { writeSync } from 'node:fs';
  const ready = performance.now();
  process.on('exit', () => writeSync(1, String(Math.round(performance.now() - ready))));
`)}`;

const dir = await mkdtemp(path.join(tmpdir(), 'layerwright-bench-'));
const context = path.join(dir, 'context');
// As electron/layerwright.mjs starts the command line.
process.env['NODE_COMPILE_CACHE'] = path.join(dir, 'compiled');
try {
  for (let at = 0; at < copies; at++) {
    await mkdir(path.join(context, `part${at}`), { recursive: true });
    await makeTree(path.join(context, `part${at}`), perCopy, perCopy * bytesPerFile);
  }
  await writeFile(path.join(context, '.dockerignore'), '.git\n**/*.log\n!part1/keep.log\n');
  await writeFile(path.join(context, 'Dockerfile'), dockerfile());
  await measure(process.execPath, [cli, '--store', path.join(dir, 'store'), 'samples'], dir);
  await measure('git', ['init', '--quiet'], context);
  await measure('git', ['add', '--all'], context);
  await build();
  const results: Round[] = [];
  for (let round = 0; round < Number(rounds); round++) results.push(await measureRound());
  const middle = (pick: (result: Round) => number) => median(results.map(pick));
  console.log(
    JSON.stringify({
      bench: 'cached-rebuild',
      files: Number(files),
      steps: dockerfile().trimEnd().split('\n').length,
      rebuildMs: middle(({ rebuildMs }) => rebuildMs),
      findMs: middle(({ findMs }) => findMs),
      gitStatusMs: middle(({ gitMs }) => gitMs),
      ratioToFind: round2(middle(({ rebuildMs, findMs }) => rebuildMs / findMs)),
      ratioToGit: round2(middle(({ rebuildMs, gitMs }) => rebuildMs / gitMs)),
      rebuildMsWithLoading: middle(({ withLoadingMs }) => withLoadingMs),
      rebuildMsWithStart: middle(({ withStartMs }) => withStartMs),
      peakMebibytes: middle(({ peakMebibytes }) => peakMebibytes),
    }),
  );
} finally {
  await rm(dir, { recursive: true, force: true });
}

interface Round {
  /** What the build itself says. */
  readonly rebuildMs: number;
  /** The whole program, from the first module that is loaded to its end. */
  readonly withLoadingMs: number;
  /** The same with the start of Node, from the outside. */
  readonly withStartMs: number;
  readonly findMs: number;
  readonly gitMs: number;
  readonly peakMebibytes: number;
}

async function measureRound(): Promise<Round> {
  const find = await measure(
    'find',
    [context, '-path', '*/.git', '-prune', '-o', '-printf', '%p %s %T@ %C@ %i\n'],
    dir,
  );
  const git = await measure('git', ['status', '--porcelain'], context);
  const ours = await build();
  const [finished = '', loadingAndAll = ''] = ours.output.split('\n').slice(-2);
  const last = JSON.parse(finished) as Finished;
  const ran = ours.output
    .split('\n')
    .filter(line => line.includes('"outcome":"ran"') && line.includes('"cache"'));
  if (last.kind !== 'build-finished' || ran.length > 0)
    throw new Error(ran[0] ?? 'the build failed');
  return {
    rebuildMs: last.result.durationMs,
    withLoadingMs: Number(loadingAndAll),
    withStartMs: Math.round(ours.seconds * 1000),
    findMs: Math.round(find.seconds * 1000),
    gitMs: Math.round(git.seconds * 1000),
    peakMebibytes: ours.peakMebibytes,
  };
}

interface Finished {
  readonly kind: string;
  readonly result: { readonly durationMs: number };
}

async function build() {
  const store = path.join(dir, 'store');
  const args = ['--store', store, 'build', '-t', 'bench/cached:1', '--progress', 'json', context];
  return await measure(process.execPath, ['--import', stopwatch, cli, ...args], dir);
}

/** FROM, WORKDIR, a COPY of each part, three that take a large part again, and metadata: 30 steps. */
function dockerfile(): string {
  return [
    'FROM layerwright.local/windows/nanoserver:ltsc2022',
    'WORKDIR C:/app',
    ...Array.from({ length: copies }, (_, at) => `COPY part${at} part${at}/`),
    'COPY part*/d0 many/',
    'COPY --exclude=part1 . all/',
    'COPY --parents part2/** part3/** kept/',
    'ENV MODE=production',
    'LABEL made=by-bench',
    'EXPOSE 8080',
    'USER ContainerUser',
    'CMD ["app.exe"]',
    '',
  ].join('\n');
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}
