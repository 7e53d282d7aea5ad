import type { CacheDifference } from '../../../../shared/ipc/step-cache.ts';
import { compareFiles, type ListedFile } from './file-list.ts';
import { shownText, type KeptInputs, type KeptText, type KeptTexts } from './kept-inputs.ts';

/** One run of a step, as it is compared with another. */
export interface ComparedStep {
  readonly inputs: KeptInputs;
  /** The instruction as the author wrote it. */
  readonly text: string;
  /** The files of source number `at`, where they are listed. */
  files(at: number): readonly ListedFile[] | undefined;
}

/** A step of this build below the one that is compared. */
export interface StepBelow {
  readonly stepId: string;
  readonly text: string;
  readonly ran: boolean;
}

/**
 * In what a step differs from an earlier run: the base first, then what its author or the builder changed about it,
 * then the files, and then the layers below, which say no more than that something else came first.
 */
export function differences(
  before: ComparedStep,
  now: ComparedStep,
  below: readonly StepBelow[],
): CacheDifference[] {
  const base = baseDifference(before.inputs, now.inputs);
  return [
    ...base,
    ...ownDifferences(before, now),
    ...sourceDifferences(before, now),
    ...(base.length > 0 ? [] : parentDifference(before.inputs, now.inputs, below)),
    ...optionDifferences(before.inputs, now.inputs),
  ];
}

function baseDifference(before: KeptInputs, now: KeptInputs): CacheDifference[] {
  if (before.parent === now.parent || before.base.chainId === now.base.chainId) return [];
  const { reference, digest } = now.base;
  return [
    {
      kind: 'base',
      reference,
      ...(before.base.digest === undefined ? {} : { before: before.base.digest }),
      ...(digest === undefined ? {} : { now: digest }),
    },
  ];
}

/** Where the text is the same, other values of its variables are what made the instruction another one. */
function ownDifferences(before: ComparedStep, now: ComparedStep): CacheDifference[] {
  const variables = changes(before.inputs.variables, now.inputs.variables).map(
    ({ name, ...values }): CacheDifference => ({ kind: 'variable', name, ...values }),
  );
  if (before.text === now.text && variables.length > 0) return variables;
  const parts = changes(before.inputs.instruction, now.inputs.instruction).map(
    ({ name, hidden: _hidden, ...values }): CacheDifference => ({
      kind: 'instruction',
      part: name,
      ...values,
    }),
  );
  return [...parts, ...variables];
}

function sourceDifferences(before: ComparedStep, now: ComparedStep): CacheDifference[] {
  return now.inputs.sources.flatMap(({ label, content }, at): CacheDifference[] => {
    const old = before.inputs.sources[at];
    if (!old || old.content === content) return [];
    const was = before.files(at);
    const is = now.files(at);
    const found = was && is ? compareFiles(was, is) : undefined;
    if (!found || found.files.length === 0) return [{ kind: 'source', from: label }];
    return [{ kind: 'files', from: label, ...found }];
  });
}

function parentDifference(
  before: KeptInputs,
  now: KeptInputs,
  below: readonly StepBelow[],
): CacheDifference[] {
  if (before.parent === now.parent) return [];
  const ran = below.find(step => step.ran);
  if (ran) return [{ kind: 'parent', text: ran.text, stepId: ran.stepId }];
  const text = now.below ?? `FROM ${now.base.reference}`;
  const was = before.below ?? `FROM ${before.base.reference}`;
  return [{ kind: 'parent', text, ...(was === text ? {} : { before: was }) }];
}

function optionDifferences(before: KeptInputs, now: KeptInputs): CacheDifference[] {
  const named = (inputs: KeptInputs) => ({ ...inputs.options, platform: inputs.platform });
  return changes(named(before), named(now)).map(({ hidden: _hidden, ...change }) => ({
    kind: 'option',
    ...change,
  }));
}

interface TextChange {
  readonly name: string;
  readonly before?: string;
  readonly now?: string;
  readonly hidden?: boolean;
}

function changes(before: KeptTexts, now: KeptTexts): TextChange[] {
  const names = new Set([...Object.keys(now), ...Object.keys(before)]);
  return [...names].flatMap(name => {
    const was = before[name];
    const is = now[name];
    if (JSON.stringify(was) === JSON.stringify(is)) return [];
    const hidden = isHidden(was) || isHidden(is);
    const shownBefore = shownText(was);
    const shownNow = shownText(is);
    return [
      {
        name,
        ...(shownBefore === undefined ? {} : { before: shownBefore }),
        ...(shownNow === undefined ? {} : { now: shownNow }),
        ...(hidden ? { hidden } : {}),
      },
    ];
  });
}

function isHidden(kept: KeptText | undefined): boolean {
  return typeof kept === 'object' && kept.text === undefined;
}
