import { BookOpenText, FileCode2, ScrollText } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { LogLine } from '../../../shared/ipc/build-views.ts';
import type { ErrorExplanation } from '../../../shared/windows/error-help/explain-error.ts';
import {
  commandIn,
  explainFailure,
  linesToExplain,
} from '../../../shared/windows/error-help/explain-failure.ts';
import type { Api } from '../../api/api.ts';
import { useApp } from '../../app/context.tsx';
import { Button } from '../../components/button.tsx';
import { CopyButton } from '../../components/digest.tsx';
import { visible } from '../../components/visible.ts';
import type { BuildView, StepView } from '../../stores/build-view.ts';
import { plainText } from './ansi.ts';
import { failedStep } from './build-words.ts';
import type { LogActions } from './use-log-actions.ts';
import './failure-help.css';

export interface FailureHelpProps {
  readonly view: BuildView;
  readonly toLine: LogActions['toLine'];
  /** Absent where the Dockerfile is not in the open project. */
  readonly onOpenLine: ((place: Pick<StepView, 'range'>) => void) | undefined;
}

/** An explanation, and the line of the log that it was found in. */
interface Help extends ErrorExplanation {
  readonly line?: number;
}

/** What is known about the error that a step, or the build, failed with: causes, evidence, what to do. */
export function FailureHelp({ view, toLine, onOpenLine }: FailureHelpProps) {
  const helps = useHelp(view);
  const step = failedStep(view);
  if (helps.length === 0) return null;
  const openLine =
    step === undefined || onOpenLine === undefined ? undefined : () => onOpenLine(step);
  return (
    <section className="failure-help" aria-label="Help with this failure">
      {helps.map((help, index) => (
        <HelpCard
          key={help.entry.name}
          isFirst={index === 0}
          {...{ help, step, toLine, openLine }}
        />
      ))}
    </section>
  );
}

interface HelpCardProps {
  readonly help: Help;
  readonly isFirst: boolean;
  readonly step: StepView | undefined;
  readonly toLine: LogActions['toLine'];
  readonly openLine: (() => void) | undefined;
}

function HelpCard({ help, isFirst, step, toLine, openLine }: HelpCardProps) {
  const { entry, evidence, line } = help;
  return (
    <details className="failure-help__card" open={isFirst}>
      <summary>
        <BookOpenText aria-hidden="true" />
        {entry.title}
      </summary>
      <p className="failure-help__evidence">
        <code>{visible(evidence)}</code>
      </p>
      <div className="failure-help__columns">
        <Points title="Why" points={entry.causes} />
        <Points title="What to do" points={entry.remedies} withCommands />
      </div>
      <div className="failure-help__actions">
        {line !== undefined && (
          <Button
            size="small"
            icon={<ScrollText aria-hidden="true" />}
            onClick={() => toLine(line)}
          >
            Show in the log
          </Button>
        )}
        {openLine && step && (
          <Button size="small" icon={<FileCode2 aria-hidden="true" />} onClick={openLine}>
            Go to line {step.range.start.line + 1}
          </Button>
        )}
        <span className="failure-help__source muted">Read more: {entry.source}</span>
      </div>
    </details>
  );
}

interface PointsProps {
  readonly title: string;
  readonly points: readonly string[];
  readonly withCommands?: boolean;
}

function Points({ title, points, withCommands = false }: PointsProps) {
  return (
    <div>
      <h3>{title}</h3>
      <ul>
        {points.map(point => {
          const command = withCommands ? commandIn(point) : undefined;
          return (
            <li key={point}>
              {point}
              {command !== undefined && (
                <CopyButton text={command} what={`the command ${command}`} />
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** Reads the end of the failed step's log once the build has failed. */
function useHelp(view: BuildView): readonly Help[] {
  const { api } = useApp();
  const { buildId, failure, status } = view;
  const stepId = failedStep(view)?.stepId;
  const [helps, setHelps] = useState<readonly Help[]>([]);
  useEffect(() => {
    if (status !== 'failed' || failure === undefined) return;
    const controller = new AbortController();
    const { signal } = controller;
    void lastLines(api, { buildId, stepId }, signal).then(lines => {
      if (!signal.aborted) setHelps(helpOf(failure, lines));
    });
    return () => controller.abort();
  }, [api, buildId, failure, status, stepId]);
  return status === 'failed' ? helps : [];
}

interface LogOf {
  readonly buildId: string;
  readonly stepId: string | undefined;
}

/** The log is a second source: where it cannot be read, the failure itself still is. */
async function lastLines(
  api: Api,
  { buildId, stepId }: LogOf,
  signal: AbortSignal,
): Promise<readonly LogLine[]> {
  if (stepId === undefined) return [];
  try {
    const first = await api.request(
      'build.log',
      { buildId, stepId, fromLine: 0, count: 1 },
      signal,
    );
    const fromLine = Math.max(0, first.total - linesToExplain);
    const query = { buildId, stepId, fromLine, count: linesToExplain };
    return (await api.request('build.log', query, signal)).lines;
  } catch {
    return [];
  }
}

function helpOf(
  failure: NonNullable<BuildView['failure']>,
  lines: readonly LogLine[],
): readonly Help[] {
  const texts = lines.map(({ text }) => plainText(text));
  return explainFailure(failure, texts).map(found => {
    const at = texts.findLastIndex(text => text.includes(found.evidence));
    const line = lines[at]?.line;
    return line === undefined ? found : { ...found, line };
  });
}
