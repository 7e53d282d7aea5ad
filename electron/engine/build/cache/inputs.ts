import { createHash } from 'node:crypto';
import type { Digest } from '../../../../shared/oci/digest.ts';
import type { ListedFile } from './file-list.ts';

/** All that decides about what a step makes: who builds with the same inputs gets the same layer. */
export interface StepInputs {
  /** The chain ID of the layers below; absent where there is none. */
  readonly parent: Digest | undefined;
  readonly platform: string;
  /** The instruction as resolved, in named parts, such as `destination`. */
  readonly instruction: Texts;
  /** Variables that a program sees. None for COPY, ADD and WORKDIR: what they use of them is in the instruction. */
  readonly variables: Texts;
  readonly sources: readonly InputSource[];
  /** What the build was asked for, such as the compression. */
  readonly options: Texts;
}

export type Texts = Readonly<Record<string, string>>;

/** Something that a step reads. */
export interface InputSource {
  /** `the build context`, `stage 1`. */
  readonly label: string;
  /** The same text only for the same content. */
  readonly content: string;
  /** The files in it, where they are known one by one. */
  readonly files?: () => readonly ListedFile[];
}

/** Change this whenever the same inputs would give another layer than before. */
const formatVersion = 2;

/** The key of a step's outcome: SHA-256 in hex. The same on every machine, so that caches can be shared. */
export function stepKey(inputs: StepInputs): string {
  const { parent, platform, instruction, variables, sources, options } = inputs;
  const contents = sources.map(({ content }) => content);
  const parts = [parent ?? '', platform, sorted(instruction), sorted(variables), contents];
  return createHash('sha256')
    .update(JSON.stringify([formatVersion, ...parts, sorted(options)]))
    .digest('hex');
}

function sorted(texts: Texts): readonly (readonly [string, string])[] {
  return Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : 1));
}
