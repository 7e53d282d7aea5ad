import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { descriptorSchema, digestSchema } from '../../../../../../shared/oci/descriptor.ts';
import { replaceFile } from '../../../../content/file-system.ts';
import { lockStatements, tryLock, waitForLock } from '../../../../content/store-lock.ts';

/** A failed RUN whose scratch was kept, with all that it takes to go on in it. */
const keptStepSchema = z.object({
  buildId: z.string(),
  stepId: z.string(),
  /** The instruction as the author wrote it. */
  text: z.string(),
  /** In ms since 1970. */
  keptAt: z.number(),
  layersBaseFirst: z.array(z.object({ descriptor: descriptorSchema, diffId: digestSchema })),
  isolation: z.enum(['process', 'hyperv']),
  network: z.string(),
  workingDir: z.string(),
  user: z.string(),
  /** Without secrets. */
  env: z.record(z.string(), z.string()),
});
export type KeptStep = z.output<typeof keptStepSchema>;

/** The scratches of a store, one for each RUN that is under way or was kept. */
export interface ScratchRegister {
  /** Takes the place of a step's scratch. Undefined where a living process has it. */
  claim(name: string, signal?: AbortSignal): Promise<ScratchClaim | undefined>;
  /** Newest first. */
  kept(): Promise<readonly KeptStep[]>;
  /** Names that nobody uses and nobody keeps: what a crash left. Forgets each once `remove` has removed it. */
  sweep(remove: (place: ScratchPlace) => Promise<void>, signal?: AbortSignal): Promise<void>;
  /** Whether the owner of a compute system or endpoint runs. Those of other stores count as alive. */
  isAlive(systemId: string): boolean;
}

export interface ScratchPlace {
  readonly name: string;
  /** Of the scratch layer; it need not be there. */
  readonly dir: string;
  /** For what is exported of it. */
  readonly exportDir: string;
  /** Of the compute system, and the owner of its endpoint. */
  readonly systemId: string;
}

/** A scratch that is ours. Disposing it lets go of it; what is still there and not kept is swept by the next build. */
export interface ScratchClaim extends AsyncDisposable {
  readonly place: ScratchPlace;
  /** From now on it stays. */
  keep(step: KeptStep): Promise<void>;
  /** It need not stay any more. */
  forget(): Promise<void>;
}

const { exclusive } = lockStatements;
const leaseSuffix = '.lease.sqlite';
const keptSuffix = '.kept.json';
const exportSuffix = '.export';
const registerLock = 'register.sqlite';

/** Opens the register of the store in `storeDir`. */
export function createScratchRegister(storeDir: string): ScratchRegister {
  const dir = path.join(storeDir, 'windows', 'scratch');
  const storeTag = createHash('sha256').update(path.resolve(storeDir)).digest('hex').slice(0, 8);
  const prefix = `layerwright-${storeTag}-`;
  const placeOf = (name: string): ScratchPlace => ({
    name,
    dir: path.join(dir, name),
    exportDir: path.join(dir, `${name}${exportSuffix}`),
    systemId: `${prefix}${name}`,
  });
  const leaseOf = (name: string) => path.join(dir, `${name}${leaseSuffix}`);
  const keptOf = (name: string) => path.join(dir, `${name}${keptSuffix}`);
  const locked = async (signal?: AbortSignal) => {
    await mkdir(dir, { recursive: true });
    return await waitForLock(path.join(dir, registerLock), exclusive, signal);
  };
  return {
    async claim(name, signal) {
      using _ = await locked(signal);
      const lease = tryLock(leaseOf(name), exclusive);
      if (!lease) return undefined;
      return {
        place: placeOf(name),
        async keep(step) {
          const file = keptOf(name);
          await replaceFile(file, `${file}.tmp`, JSON.stringify(step));
        },
        forget: async () => await rm(keptOf(name), { force: true }),
        async [Symbol.asyncDispose]() {
          using _ = await locked();
          lease[Symbol.dispose]();
          // The lease of a scratch that is still there tells the sweep of it.
          if (!existsSync(placeOf(name).dir)) await rm(leaseOf(name), { force: true });
        },
      };
    },
    async kept() {
      const found: KeptStep[] = [];
      for (const name of await namesIn(dir, keptSuffix)) {
        const step = await readKept(keptOf(name));
        if (step) found.push(step);
      }
      return found.toSorted((a, b) => b.keptAt - a.keptAt);
    },
    async sweep(remove, signal) {
      using _ = await locked(signal);
      const suffixes = [leaseSuffix, exportSuffix];
      const found = await Promise.all(suffixes.map(async suffix => await namesIn(dir, suffix)));
      for (const name of new Set(found.flat())) {
        if (isHeld(leaseOf(name)) || existsSync(keptOf(name))) continue;
        await rm(placeOf(name).exportDir, { recursive: true, force: true });
        await remove(placeOf(name));
        await rm(leaseOf(name), { force: true });
      }
    },
    isAlive: systemId =>
      !systemId.startsWith(prefix) || isHeld(leaseOf(systemId.slice(prefix.length))),
  };
}

function isHeld(lease: string): boolean {
  if (!existsSync(lease)) return false;
  const held = tryLock(lease, exclusive);
  held?.[Symbol.dispose]();
  return held === undefined;
}

async function namesIn(dir: string, suffix: string): Promise<string[]> {
  const entries = await readdir(dir).catch(() => []);
  return entries.filter(name => name.endsWith(suffix)).map(name => name.slice(0, -suffix.length));
}

async function readKept(file: string): Promise<KeptStep | undefined> {
  try {
    return keptStepSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    // Gone meanwhile, or not ours.
    return undefined;
  }
}
