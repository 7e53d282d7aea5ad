import type { SourceRange } from '../source-range.ts';
import type { Instruction, Word } from './ast.ts';
import { expand } from './expand.ts';
import { error, warning, type Finding } from './finding.ts';
import type { ResolvedStep } from './resolved-step.ts';
import type { StageState } from './stage-state.ts';
import { didYouMean } from './suggest.ts';
import { rangeWithin } from './word-range.ts';

/** What an instruction came to. */
export interface Evaluation {
  readonly step: ResolvedStep;
  readonly state: StageState;
  readonly findings: readonly Finding[];
  /** `created_by` of the history entry, in BuildKit's style without its ` # buildkit`. */
  readonly createdBy: string;
}

/** Variables that Windows itself sets when a container starts, so that no build can see them. */
const setByWindows: ReadonlySet<string> = new Set(
  [
    'PATH',
    'PATHEXT',
    'SystemRoot',
    'SystemDrive',
    'windir',
    'TEMP',
    'TMP',
    'USERPROFILE',
    'APPDATA',
    'LOCALAPPDATA',
  ]
    .concat([
      'ProgramData',
      'ProgramFiles',
      'ProgramFiles(x86)',
      'COMSPEC',
      'COMPUTERNAME',
      'USERNAME',
      'PUBLIC',
    ])
    .map(name => name.toUpperCase()),
);

/** One evaluation under way: expands words against the state before the instruction and collects findings. */
export class Evaluator {
  readonly state: StageState;
  readonly findings: Finding[] = [];
  readonly #instruction: Instruction;
  #failed = false;

  constructor(instruction: Instruction, state: StageState) {
    this.#instruction = instruction;
    this.state = state;
  }

  get isWindows(): boolean {
    return this.state.context.platform.os === 'windows';
  }

  fail(rule: string, range: SourceRange, message: string): void {
    this.#failed = true;
    this.findings.push(error(rule, range, message));
  }

  warn(rule: string, range: SourceRange, message: string): void {
    this.findings.push(warning(rule, range, message));
  }

  /** The word's value; after an error an empty text, and the evaluation has failed. */
  value(word: Word): string {
    return this.#expand(word)?.value ?? '';
  }

  /** The words that the word's value falls into (EXPOSE). */
  values(word: Word): readonly string[] {
    return this.#expand(word)?.words ?? [];
  }

  #expand(word: Word): { value: string; words: readonly string[] } | undefined {
    const { context, variables } = this.state;
    const result = expand(word.text, {
      escape: context.escape,
      lookup: name => variables.get(name),
    });
    if (!result.ok) {
      this.fail('bad-substitution', rangeWithin(word, result.offset), result.message);
      return undefined;
    }
    this.reportUnset(result.unset, word.range);
    return result;
  }

  reportUnset(names: readonly string[], range: SourceRange): void {
    const { declaredArgs, variables } = this.state;
    for (const name of names) {
      if (!/^[\p{L}_]/u.test(name) || declaredArgs.has(name)) continue;
      const fromWindows = this.isWindows && setByWindows.has(name.toUpperCase());
      const advice = fromWindows
        ? ' Windows sets it only when a container runs, so it is empty here. Write its value out.'
        : ` It is empty here.${didYouMean(name, variables.names(), '$') || ` Set it with ARG or ENV above.`}`;
      this.warn('undefined-var', range, `$${name} is not set.${advice}`);
    }
  }

  /** Ends the evaluation. Where anything failed, the state is the one before and the step is invalid. */
  finish(
    createdBy: string,
    change: Partial<StageState>,
    step: ResolvedStep = { kind: 'metadata' },
  ): Evaluation {
    const { findings, state } = this;
    if (this.#failed) return this.invalid();
    return { step, state: { ...state, ...change }, findings, createdBy };
  }

  invalid(): Evaluation {
    const { findings, state } = this;
    return { step: { kind: 'invalid' }, state, findings, createdBy: this.#instruction.text };
  }
}
