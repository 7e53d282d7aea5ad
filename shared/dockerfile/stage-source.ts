import { explain, failureOf } from '../failure.ts';
import { familiarReference, parseReference, withDefaultTag } from '../oci/reference.ts';
import type { Instruction, Word } from './ast.ts';

/** What a stage is made from, and what COPY --from or a mount takes files from. */
export type StageSource =
  | { readonly kind: 'stage'; readonly index: number }
  /** As written; not yet completed with registry and tag. */
  | { readonly kind: 'image'; readonly reference: string }
  | { readonly kind: 'scratch' }
  | { readonly kind: 'context'; readonly name: string };

/** The names that a Dockerfile and its build know. */
export interface Scope {
  /** Stage names in lower case, by number of the stage. */
  readonly names: readonly (string | undefined)[];
  readonly namedContexts: readonly string[];
}

/** FROM and mounts know no stage numbers, COPY does. */
export type SourceUse = 'from' | 'copy' | 'mount';

export type SourceResult =
  | { readonly ok: true; readonly source: StageSource }
  | { readonly ok: false; readonly problem: string };

/**
 * Finds what `text` names when stage `index` uses it: a stage before it (in any case, or for COPY by number), a
 * named context, `scratch`, or an image. A named context hides a stage of its name, as in BuildKit.
 */
export function resolveSource(
  scope: Scope,
  index: number,
  text: string,
  use: SourceUse,
): SourceResult {
  if (use === 'copy' && /^\d+$/.test(text)) return numbered(scope, index, text);
  const stage =
    stageNamed(scope, index, text) ??
    (use === 'from' ? undefined : stageNamed(scope, Infinity, text));
  if (stage !== undefined) return stageResult(scope, index, stage);
  if (text === 'scratch') return { ok: true, source: { kind: 'scratch' } };
  const context = contextNamed(scope, text);
  if (context !== undefined) return { ok: true, source: { kind: 'context', name: context } };
  return imageNamed(text);
}

function numbered(scope: Scope, index: number, text: string): SourceResult {
  const stage = Number(text);
  if (stage < scope.names.length) return stageResult(scope, index, stage);
  const last = scope.names.length - 1;
  return { ok: false, problem: `There is no stage ${text}; the stages count from 0 to ${last}.` };
}

function stageNamed(scope: Scope, before: number, text: string): number | undefined {
  const stage = scope.names.slice(0, before).lastIndexOf(text.toLowerCase());
  return stage < 0 ? undefined : stage;
}

function stageResult(scope: Scope, index: number, stage: number): SourceResult {
  const name = scope.names[stage];
  const shown = name ?? String(stage);
  if (stage === index)
    return {
      ok: false,
      problem: `The stage ${shown} cannot take files from itself. Name another stage.`,
    };
  if (stage > index) {
    return {
      ok: false,
      problem: `The stage ${shown} comes later in the file. Move it above the stage that uses it.`,
    };
  }
  const context = name === undefined ? undefined : contextNamed(scope, name);
  const source: StageSource =
    context === undefined ? { kind: 'stage', index: stage } : { kind: 'context', name: context };
  return { ok: true, source };
}

/** A context's name matches a stage's in any case, and an image's in every way of writing it. */
function contextNamed(scope: Scope, text: string): string | undefined {
  if (text === 'scratch' || text === 'context') return undefined;
  const wanted = familiar(text);
  return scope.namedContexts.find(
    name => name.toLowerCase() === text.toLowerCase() || familiar(name) === wanted,
  );
}

/** The short form of an image's name with its tag, or the text where it is no image's name. */
function familiar(text: string): string {
  try {
    return familiarReference(withDefaultTag(parseReference(text)));
  } catch {
    return text;
  }
}

function imageNamed(text: string): SourceResult {
  try {
    parseReference(text);
    return { ok: true, source: { kind: 'image', reference: text } };
  } catch (problem) {
    return { ok: false, problem: explain(failureOf(problem)).message };
  }
}

/** The places in an instruction that name a source of files, of ONBUILD's trigger too only when it runs. */
export function fromsOf(instruction: Instruction): { word: Word; use: SourceUse }[] {
  if (instruction.keyword === 'COPY')
    return instruction.from ? [{ word: instruction.from, use: 'copy' }] : [];
  if (instruction.keyword !== 'RUN') return [];
  return instruction.mounts.flatMap(mount => {
    const word = mount.fields.findLast(field => field.key === 'from')?.value;
    return word === undefined || word.text === '' ? [] : [{ word, use: 'mount' as const }];
  });
}
