import type { Failure } from '../failure.ts';
import type { BuildRequest } from './build-request.ts';
import type { BackendChoice, BuildEvent, BuildResult, PlannedStage } from './build-events.ts';
import type { SourceRange } from '../source-range.ts';

/** `interrupted`: the process that ran it died before the build ended. */
export const buildStatuses = [
  'running',
  'succeeded',
  'failed',
  'cancelled',
  'interrupted',
] as const;
export type BuildStatus = (typeof buildStatuses)[number];

/** One row of the list of builds. Times are in ms since 1970. */
export interface BuildSummary {
  readonly buildId: string;
  readonly status: BuildStatus;
  readonly contextDir: string;
  readonly dockerfile: string;
  readonly tags: readonly string[];
  readonly target?: string;
  readonly backend: 'portable' | 'hcs';
  readonly startedAt: number;
  readonly finishedAt?: number;
  readonly steps: number;
  readonly cachedSteps: number;
  readonly logLines: number;
  /** What the layers take, packed, that the steps of the last stage made; in bytes. Absent in records of older versions. */
  readonly layerBytes?: number;
  /** What its events, its log and the files saved with it take on disk, in bytes; once it has ended. */
  readonly recordBytes?: number;
  readonly result?: BuildResult;
  readonly failure?: Failure;
}

/** A build with all that is needed to show it again. Its log is paged separately. */
export interface BuildDetail {
  readonly summary: BuildSummary;
  readonly request: BuildRequest;
}

/** Events from `fromSeq` on, without output lines; `nextSeq` is where to go on. */
export interface EventPage {
  readonly events: readonly BuildEvent[];
  readonly nextSeq: number;
}

/** One line of a build's log. `line` counts from 0 over the whole build, `time` is in ms since 1970. */
export interface LogLine {
  readonly line: number;
  readonly stepId: string;
  readonly stream: 'stdout' | 'stderr' | 'note';
  readonly time: number;
  readonly text: string;
  /** Set where the stored line is longer than what is shown: its full length in UTF-16 units. */
  readonly fullLength?: number;
}

/** `total` counts the lines of the whole selection (the build, or one step of it). */
export interface LogPage {
  readonly lines: readonly LogLine[];
  readonly total: number;
}

/** Line numbers that match, and where to go on searching (absent at the end of the log). */
export interface LogMatches {
  readonly lines: readonly number[];
  readonly nextLine?: number;
}

/** What the plan says before anything is built. */
export interface BuildPlanView {
  readonly stages: readonly PlannedStage[];
  /** Absent where no backend can do it; a finding then says why. */
  readonly choice?: BackendChoice;
  /** What `RUN --mount=type=secret` asks for. */
  readonly secrets: readonly PlannedSecret[];
  readonly findings: readonly PlanFinding[];
}

/** A secret that RUNs of a Dockerfile mount. */
export interface PlannedSecret {
  readonly secretId: string;
  /** One of them fails without it. */
  readonly required: boolean;
}

export interface PlanFinding {
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  readonly range?: SourceRange;
  readonly rule?: string;
}

/** A failed RUN whose scratch was kept. `keptAt` is in ms since 1970. */
export interface KeptStepView {
  readonly buildId: string;
  readonly stepId: string;
  readonly text: string;
  readonly keptAt: number;
  readonly workingDir: string;
}

/** Something in a folder of a kept scratch; `size` in bytes, of files. */
export interface KeptFile {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'other';
  readonly size: number;
}
