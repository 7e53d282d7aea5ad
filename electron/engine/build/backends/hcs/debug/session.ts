import { resolveContainerPath } from '../../../../../../shared/windows/windows-path.ts';
import type { Container, ScratchLayer } from '../../../../hcs/host.ts';
import { attachNetwork } from '../network.ts';
import { createReleases } from '../releases.ts';
import { runProgram } from '../run-program.ts';
import { layersOnDisk } from '../scratch/open-scratch.ts';
import type { KeptStep, ScratchPlace } from '../scratch/scratch-register.ts';
import type { HcsEngine } from '../support.ts';
import { createVolume, type VolumeEntry } from '../volume.ts';

export type OnOutput = (stream: 'stdout' | 'stderr', lines: readonly string[]) => void;

/** A container on the scratch of a failed step. Disposing it ends the container; the scratch stays. */
export interface DebugSession extends AsyncDisposable {
  readonly step: KeptStep;
  /** Where lines run; `cd` changes it. */
  readonly workingDir: string;
  /** Runs a line of cmd.exe in the environment of the step, without its mounts and secrets; gives the exit code. */
  run(line: string, onOutput: OnOutput, signal?: AbortSignal): Promise<number>;
  /** What is in a folder, by name; relative ones go from `workingDir`. Undefined where it is none. */
  list(folder: string): Promise<readonly VolumeEntry[] | undefined>;
}

/** A session that lets go of what its maker holds for it, once it is closed. */
export interface OwnedSession extends DebugSession {
  onClose(release: () => Promise<void>): void;
}

/** Opens the scratch with all that its RUN had. What was opened is let go where a part fails. */
export async function openSession(
  step: KeptStep,
  { dir, systemId }: ScratchPlace,
  engine: HcsEngine,
  signal?: AbortSignal,
): Promise<OwnedSession> {
  // What cannot be let go is swept by the next build.
  const releases = createReleases(() => undefined);
  const silent = { progress: () => undefined, note: () => undefined };
  const { host } = engine;
  try {
    const chain = await layersOnDisk(step.layersBaseFirst, engine, silent, signal);
    const parentsNearestFirst = chain.layerDirsNearestFirst;
    const activate = step.isolation === 'process';
    const scratch = await host.scratches.reopen(dir, parentsNearestFirst, { activate }, signal);
    releases.add('the scratch', async () => await scratch.detach());
    const network = { host, releases, report: silent };
    const namespace = await attachNetwork(systemId, step.network, network, signal);
    const container = await host.systems.start(
      {
        id: systemId,
        hostName: 'layerwright',
        isolation: step.isolation,
        scratch,
        parentsNearestFirst,
        mounts: [],
        ...(namespace === undefined ? {} : { networkNamespace: namespace }),
      },
      signal,
    );
    releases.add('the container', async () => await container.terminate());
    const opened = { container, scratch, codePage: engine.codePage };
    return new Session(step, opened, async () => await releases[Symbol.asyncDispose]());
  } catch (error) {
    await releases[Symbol.asyncDispose]();
    throw error;
  }
}

interface Open {
  readonly container: Container;
  readonly scratch: ScratchLayer;
  readonly codePage: number;
}

class Session implements OwnedSession {
  readonly step: KeptStep;
  readonly #open: Open;
  /** In this order. */
  readonly #closing: (() => Promise<void>)[];
  #workingDir: string;

  constructor(step: KeptStep, open: Open, close: () => Promise<void>) {
    this.step = step;
    this.#open = open;
    this.#closing = [close];
    this.#workingDir = step.workingDir === '' ? 'C:\\' : step.workingDir;
  }

  get workingDir(): string {
    return this.#workingDir;
  }

  async run(line: string, onOutput: OnOutput, signal?: AbortSignal): Promise<number> {
    const folder = /^\s*(?:cd|chdir)\s+(?:\/d\s+)?(.+?)\s*$/iu.exec(line)?.[1];
    if (folder === undefined) return await this.#exec(line, onOutput, signal);
    const lines: string[] = [];
    const listen: OnOutput = (stream, texts) => {
      if (stream === 'stdout') lines.push(...texts);
      else onOutput(stream, texts);
    };
    const exitCode = await this.#exec(`cd /d ${folder} && cd`, listen, signal);
    const reached = lines.findLast(text => text.trim() !== '')?.trim();
    const place = resolveContainerPath(this.#workingDir, reached ?? '');
    if (exitCode === 0 && place.kind === 'inside') this.#workingDir = place.path;
    return exitCode;
  }

  async list(folder: string): Promise<readonly VolumeEntry[] | undefined> {
    const { volumePath } = this.#open.scratch;
    const place = resolveContainerPath(this.#workingDir, folder);
    if (place.kind === 'refused' || volumePath === '') return undefined;
    return await createVolume(volumePath).list(place.parts);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const release of this.#closing.splice(0)) await release();
  }

  onClose(release: () => Promise<void>): void {
    this.#closing.push(release);
  }

  async #exec(line: string, onOutput: OnOutput, signal?: AbortSignal): Promise<number> {
    const { container, codePage } = this.#open;
    const { env, user } = this.step;
    const spec = { commandLine: `cmd /S /C ${line}`, workingDir: this.#workingDir, env, user };
    const options = { codePage, mask: (text: string) => text, onOutput };
    const { exitCode } = await runProgram(container, spec, options, signal);
    return exitCode;
  }
}
