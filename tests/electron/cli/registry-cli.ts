import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { newWorkplace, type Finished, type Workplace } from './process.ts';

const run = promisify(execFile);

/** The command line with its own home, so that Docker's configuration of the machine stays out of it. */
export function cliIn(place: Workplace, home: string) {
  return async (args: readonly string[], input?: string): Promise<Finished> =>
    await place.run(args, {
      ...(input === undefined ? {} : { input }),
      environment: { DOCKER_CONFIG: home, HOME: home },
    });
}

/** A workplace that is removed at the end of its block. */
export async function disposable() {
  const place = await newWorkplace();
  return { place, [Symbol.asyncDispose]: async () => await place.remove() };
}

export async function skopeo(...args: readonly string[]): Promise<string> {
  const { stdout } = await run('skopeo', [...args], { maxBuffer: 16 * 1024 * 1024 });
  return stdout;
}
