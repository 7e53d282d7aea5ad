import { createHash, createHmac } from 'node:crypto';
import { z } from 'zod';
import { isSecretName } from '../../../../shared/dockerfile/secret-names.ts';
import { digestSchema } from '../../../../shared/oci/descriptor.ts';
import type { Digest } from '../../../../shared/oci/digest.ts';
import type { InputSource, StepInputs, Texts } from './inputs.ts';

/** A text, or only a mark of it where it is secret or long; `text` is then what may be shown of it. */
const keptTextSchema = z.union([
  z.string(),
  z.object({ text: z.string().optional(), mark: z.string() }),
]);
export type KeptText = z.output<typeof keptTextSchema>;
const keptTextsSchema = z.record(z.string(), keptTextSchema);
export type KeptTexts = z.output<typeof keptTextsSchema>;

/** What a stage is built from. */
export interface StageBase {
  /** As FROM names it after expansion, or `stage 1`. */
  readonly reference: string;
  /** Of the image's manifest; of another stage, the chain ID of its layers. */
  readonly digest: Digest | undefined;
  readonly chainId: Digest | undefined;
}

/** The inputs of a step as a record keeps them: enough to say what is different, and no secrets. */
export const keptInputsSchema = z.object({
  parent: digestSchema.optional(),
  platform: z.string(),
  instruction: keptTextsSchema,
  variables: keptTextsSchema,
  sources: z.array(
    z.object({
      label: z.string(),
      content: z.string(),
      /** Key of the list of its files. */
      list: z.string().optional(),
    }),
  ),
  options: keptTextsSchema,
  base: z.object({
    reference: z.string(),
    digest: digestSchema.optional(),
    chainId: digestSchema.optional(),
  }),
  /** The instruction that made the layer below; absent where that is the base's. */
  below: z.string().optional(),
});
export type KeptInputs = z.output<typeof keptInputsSchema>;

/** What stands around a step in its Dockerfile. */
export interface StepSurroundings {
  /** Variables that the instruction's text names, with their values. */
  readonly used: Texts;
  readonly base: StageBase;
  readonly below: string | undefined;
}

const longestText = 500;
const shortestSecret = 4;

/** Makes what a record keeps. Marks are made with `salt`, a secret of the store, so that nobody can guess at values. */
export function keepInputs(
  inputs: StepInputs,
  { used, base, below }: StepSurroundings,
  salt: string,
): KeptInputs {
  const { parent, platform, instruction, variables, sources, options } = inputs;
  const all = { ...used, ...variables };
  const secrets = Object.entries(all).flatMap(([name, value]) =>
    isSecretName(name) && value.length >= shortestSecret ? [value] : [],
  );
  const keep = (texts: Texts) =>
    Object.fromEntries(
      Object.entries(texts).map(([name, value]) => {
        const isSecret = isSecretName(name) || secrets.some(secret => value.includes(secret));
        return [name, keptText(value, isSecret, salt)];
      }),
    );
  return {
    ...(parent === undefined ? {} : { parent }),
    platform,
    instruction: keep(instruction),
    variables: keep(all),
    sources: sources.map(keptSource),
    options: keep(options),
    base: {
      reference: withoutCredentials(base.reference),
      ...(base.digest === undefined ? {} : { digest: base.digest }),
      ...(base.chainId === undefined ? {} : { chainId: base.chainId }),
    },
    ...(below === undefined ? {} : { below: withoutCredentials(below).slice(0, longestText) }),
  };
}

function keptText(value: string, isSecret: boolean, salt: string): KeptText {
  const mark = () => createHmac('sha256', salt).update(value).digest('hex').slice(0, 16);
  if (isSecret) return { mark: mark() };
  const shown = withoutCredentials(value).slice(0, longestText);
  return shown === value ? value : { text: shown, mark: mark() };
}

function keptSource({ label, content, files }: InputSource): KeptInputs['sources'][number] {
  const mark = createHash('sha256').update(content).digest('hex').slice(0, 32);
  return { label: withoutCredentials(label), content: mark, ...(files ? { list: mark } : {}) };
}

/** A text with the user, password and query of every URL in it left out: all of them may hold secrets. */
export function withoutCredentials(text: string): string {
  return text
    .replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@"']+@/giu, '$1')
    .replace(/\b(https?:\/\/[^\s?"']+)\?[^\s"']+/giu, '$1?…');
}

/** What may be shown of a text. */
export function shownText(kept: KeptText | undefined): string | undefined {
  return typeof kept === 'object' ? kept.text : kept;
}
