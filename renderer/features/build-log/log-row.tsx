import { ChevronDown, ChevronRight, Lightbulb, OctagonAlert, TriangleAlert } from 'lucide-react';
import { classNames } from '../../components/class-names.ts';
import { formatDuration, formatPlural } from '../../components/format.ts';
import { visible } from '../../components/visible.ts';
import type { StepView } from '../../stores/build-view.ts';
import { stepDurationMs, wordsOfState } from './build-words.ts';
import { whyWords } from './cache-story.tsx';
import { Line } from './log-line.tsx';
import type { LogPages } from './log-pages.ts';
import type { LogRow, StepNote } from './log-rows.ts';
import { StepIcon } from './state-icon.tsx';

interface HeadRowProps {
  readonly step: StepView;
  readonly lines: number;
  readonly folded: boolean;
  readonly selected: boolean;
  readonly now: number;
  readonly onToggle: () => void;
}

/** Heads the lines of a step, and folds them. */
function HeadRow({ step, lines, folded, selected, now, onToggle }: HeadRowProps) {
  const duration = stepDurationMs(step.state, now);
  const why = whyWords(step.state, now);
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-expanded={!folded}
      className={classNames('log-head', selected && 'log-head--selected')}
      onClick={onToggle}
    >
      {folded ? <ChevronRight aria-hidden="true" /> : <ChevronDown aria-hidden="true" />}
      <StepIcon state={step.state} />
      <span className="visually-hidden">{wordsOfState(step.state).label}</span>
      <span className="log-head__text" data-tooltip={visible(step.text)}>
        {visible(step.text)}
      </span>
      {why !== undefined && (
        <span className="log-head__why" data-tooltip={visible(why)}>
          {visible(why)}
        </span>
      )}
      <span className="log-head__facts numeric">
        {formatPlural(lines, 'line')}
        {duration !== undefined && ` · ${formatDuration(duration)}`}
      </span>
    </button>
  );
}

const noteIcons = { warn: TriangleAlert, bad: OctagonAlert, advice: Lightbulb } as const;

interface NoteRowProps {
  readonly note: StepNote;
  readonly selected: boolean;
  /** Absent where the Dockerfile is not in the open project. */
  readonly onOpen: (() => void) | undefined;
}

/** A warning, or why a step failed and what to do; a click goes to the line of the Dockerfile. */
function NoteRow({ note, selected, onOpen }: NoteRowProps) {
  const Icon = noteIcons[note.tone];
  const className = classNames(
    'log-note',
    `log-note--${note.tone}`,
    selected && 'log-note--selected',
  );
  const content = (
    <>
      <Icon aria-hidden="true" />
      <span className="log-note__text">{visible(note.text)}</span>
    </>
  );
  if (onOpen === undefined) return <div className={className}>{content}</div>;
  return (
    <button type="button" tabIndex={-1} className={className} onClick={onOpen}>
      {content}
      <span className="log-note__line">line {note.range.start.line + 1}</span>
    </button>
  );
}

export interface LogRowViewProps {
  readonly row: LogRow | undefined;
  readonly pages: LogPages;
  readonly now: number;
  readonly showTime: boolean;
  readonly showStep: boolean;
  readonly query: string;
  readonly matchCase: boolean;
  /** The line of the match one is at. */
  readonly currentLine: number | undefined;
  readonly selected: boolean;
  /** Long lines that are shown whole. */
  readonly expanded: ReadonlySet<number>;
  readonly onExpand: (change: (known: ReadonlySet<number>) => ReadonlySet<number>) => void;
  readonly onToggle: (stepId: string) => void;
  readonly onOpenLine: ((step: StepView) => void) | undefined;
}

/** One row of the log, whatever is in it. */
export function LogRowView(props: LogRowViewProps) {
  const { row, pages, selected, now, currentLine, expanded, onExpand, onToggle, onOpenLine } =
    props;
  switch (row?.kind) {
    case 'head': {
      const { step, lines, folded } = row;
      const toggle = (): void => onToggle(step.stepId);
      return <HeadRow {...{ step, lines, folded, selected, now }} onToggle={toggle} />;
    }
    case 'note': {
      const { step, note } = row;
      const open = onOpenLine && (() => onOpenLine({ ...step, range: note.range }));
      return <NoteRow note={note} selected={selected} onOpen={open} />;
    }
    case 'line': {
      const { showTime, showStep, query, matchCase } = props;
      const line = pages.line(row.stepId, row.index);
      return (
        <Line
          {...{ line, showTime, showStep, query, matchCase, selected }}
          current={line !== undefined && line.line === currentLine}
          expanded={line !== undefined && expanded.has(line.line)}
          onExpand={onExpand}
        />
      );
    }
    default:
      return null;
  }
}
