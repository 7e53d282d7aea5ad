import type { SourceRange } from '../source-range.ts';
import type { Instruction, Word } from './ast.ts';
import { applyChecks } from './checks.ts';
import { expand } from './expand.ts';
import { error, inOrder, warning, type Finding } from './finding.ts';
import type { ResolvedStep } from './resolved-step.ts';
import type { StageState } from './stage-state.ts';
import { suggest } from './suggest.ts';
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
    for (const name of names) {
      if (!/^[\p{L}_]/u.test(name) || this.state.declaredArgs.has(name)) continue;
      this.warn('undefined-var', range, `$${name} is not set here. ${this.#unsetAdvice(name)}`);
    }
  }

  #unsetAdvice(name: string): string {
    const { context, variables } = this.state;
    if (context.globalArgs.has(name)) return `Declare it in this stage: ARG ${name}.`;
    if (this.isWindows && setByWindows.has(name.toUpperCase())) {
      return 'Windows sets it only when a container runs. Write its value out.';
    }
    const likely = suggest(name, variables.names());
    return likely === undefined ? 'Set it with ARG or ENV above.' : `Did you mean $${likely}?`;
  }

  /** Ends the evaluation. Where anything failed, the state is the one before and the step is invalid. */
  finish(
    createdBy: string,
    change: Partial<StageState>,
    step: ResolvedStep = { kind: 'metadata' },
  ): Evaluation {
    if (this.#failed) return this.invalid();
    const findings = this.#reported();
    return { step, state: { ...this.state, ...change }, findings, createdBy };
  }

  #reported(): readonly Finding[] {
    return inOrder(applyChecks(this.findings, this.state.context.directives));
  }

  invalid(): Evaluation {
    const findings = this.#reported();
    const createdBy = this.#instruction.text;
    return { step: { kind: 'invalid' }, state: this.state, findings, createdBy };
  }
}
