import type { Finding } from '../../../shared/dockerfile/finding.ts';

/** A Dockerfile and what there is to say about it. */
export interface LintedFile {
  /** As it was named, with `/`; `-` for standard input. */
  readonly name: string;
  readonly text: string;
  readonly findings: readonly Finding[];
}
