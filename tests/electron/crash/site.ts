import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { removeImage } from '../../../electron/engine/content/garbage.ts';
import { openStore } from '../../../electron/engine/content/store.ts';
import { startDockerRegistry, type DockerRegistry } from '../../support/docker-registry.ts';
import { newWorkplace, type Workplace } from '../cli/process.ts';
import { imageOf, lastingSite, randomLayer } from '../engine/transfer/helpers.ts';
import type { Random } from './random.ts';

/** What the command line is made to do, and killed in. */
export interface Action {
  readonly name: 'build' | 'pull' | 'gc';
  readonly args: readonly string[];
}

/** A store, projects to build and a registry with images. */
export interface CrashSite extends AsyncDisposable {
  readonly place: Workplace;
  /** Makes the next action, each time with work that was not done before. */
  next(name: Action['name'], round: number): Promise<Action>;
  start(action: Action): Running;
}

export interface Running {
  readonly child: ChildProcess;
  readonly finished: Promise<{
    readonly code: number | null;
    readonly out: string;
    readonly err: string;
  }>;
}

const images = 3;
const layerSize = 1_500_000;

/** Sets everything up; the random part says what is in files and layers. */
export async function newCrashSite(random: Random): Promise<CrashSite> {
  await using stack = new AsyncDisposableStack();
  const registry = stack.use(await startDockerRegistry());
  await fill(registry);
  const place = await newWorkplace();
  stack.defer(async () => await place.remove());
  const projects = ['one', 'two'];
  for (const project of projects) {
    await place.files({
      [`${project}/Dockerfile`]: dockerfile,
      [`${project}/tools/setup.cmd`]: '@echo off\r\n',
    });
  }
  const running = stack.move();
  return {
    place,
    async next(name, round) {
      switch (name) {
        case 'build': {
          const project = random.oneOf(['one', 'two']);
          const dir = path.join(place.dir, project, 'app');
          await mkdir(dir, { recursive: true });
          for (const file of ['a', 'b', 'c']) {
            await writeFile(path.join(dir, file), random.bytes(random.between(10_000, 400_000)));
          }
          return { name, args: ['build', '-t', `${project}:1`, '--progress', 'plain', project] };
        }
        case 'pull': {
          const image = `${registry.host}/team/app:${round % images}`;
          await forget(place.storeDir, image);
          return { name, args: ['pull', '--progress', 'plain', image] };
        }
        case 'gc': {
          const policy = random.oneOf([
            [],
            ['--older-than', '0s', '--kind', 'build-cache'],
            ['--max-size', '1MB'],
            ['--older-than', '0s', '--kind', 'builds', '--keep-last', '2'],
          ]);
          return { name, args: ['store', 'gc', ...policy] };
        }
      }
    },
    start(action) {
      const child = place.start(action.args);
      child.stdin?.end();
      const ended = once(child, 'close');
      const outputs = Promise.all(
        [child.stdout, child.stderr].map(async from => (from === null ? '' : await text(from))),
      );
      return {
        child,
        finished: (async () => {
          const [out = '', err = ''] = await outputs;
          await ended;
          return { code: child.exitCode, out, err };
        })(),
      };
    },
    [Symbol.asyncDispose]: async () => await running.disposeAsync(),
  };
}

const dockerfile = `FROM layerwright.local/windows/nanoserver:ltsc2022 AS tools
COPY tools C:/tools
FROM layerwright.local/windows/nanoserver:ltsc2022
COPY --from=tools C:/tools C:/tools
COPY app/a C:/app/a
COPY app/b C:/app/b
ENV STAGE=1
COPY app/c C:/app/c
`;

/** So that there is something to pull. */
async function forget(storeDir: string, image: string): Promise<void> {
  await using store = await openStore(storeDir);
  const images = await store.names.list();
  if (images.some(({ reference }) => reference === image)) await removeImage(store, image);
}

/** Images that share a layer, in the registry. */
async function fill({ host }: DockerRegistry): Promise<void> {
  await using site = await lastingSite();
  const shared = await randomLayer(site.store, layerSize);
  for (let number = 0; number < images; number += 1) {
    const own = [await randomLayer(site.store, layerSize), await randomLayer(site.store, 20_000)];
    await imageOf(site.store, [shared, ...own], { name: `app:${number}` });
    await site.transfers.push({ image: `app:${number}`, target: `${host}/team/app:${number}` });
  }
}
