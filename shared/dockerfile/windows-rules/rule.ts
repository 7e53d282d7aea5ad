import type { SourceRange } from '../../source-range.ts';
import type { Fix } from '../finding.ts';
import type { LintFile } from './lint-file.ts';

/** A place that a rule has something against. */
export interface Hit {
  readonly range: SourceRange;
  /** What exactly is wrong there, as a sentence. Without it the rule's `what` is said. */
  readonly message?: string;
  readonly fix?: Fix;
}

/** A rule about Dockerfiles for Windows: what it looks for, and all that an author needs to know about it. */
export interface WindowsRule {
  /** Stable, in kebab case; comments suppress the rule by it. */
  readonly name: string;
  readonly severity: 'warning' | 'info';
  /** What is wrong, in one sentence. */
  readonly what: string;
  /** What comes of it. */
  readonly why: string;
  /** What to do instead, as an imperative sentence. */
  readonly fix: string;
  /** Where it can be read up. */
  readonly link: string;
  /** A whole Dockerfile in which the rule finds something, and the same one mended. */
  readonly bad: string;
  readonly good: string;
  readonly check: (file: LintFile) => Iterable<Hit>;
}
