import path from 'node:path';

/** The three files of a log, all append-only. */
export interface LogFiles {
  /** Every line as it was said, in UTF-8, each with a line feed behind it. */
  readonly text: string;
  /** One record a line (line-record.ts). */
  readonly index: string;
  /** The step ids, one a line as JSON, in the order in which they first said something. */
  readonly steps: string;
}

export function logFiles(logDir: string): LogFiles {
  return {
    text: path.join(logDir, 'log.text'),
    index: path.join(logDir, 'log.index'),
    steps: path.join(logDir, 'log.steps'),
  };
}
