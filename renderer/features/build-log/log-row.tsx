import { ChevronDown, ChevronRight, Lightbulb, OctagonAlert, TriangleAlert } from 'lucide-react';
import { classNames } from '../../components/class-names.ts';
import { formatDuration, formatPlural } from '../../components/format.ts';
import { visible } from '../../components/visible.ts';
import type { StepView } from '../../stores/build-view.ts';
import { stepDurationMs, wordsOfState } from './build-words.ts';
import type { StepNote } from './log-rows.ts';
import { StepIcon } from './state-icon.tsx';

export interface HeadRowProps {
  readonly step: StepView;
  readonly lines: number;
  readonly folded: boolean;
  readonly selected: boolean;
  readonly now: number;
  readonly onToggle: () => void;
}

/** Heads the lines of a step, and folds them. */
export function HeadRow({ step, lines, folded, selected, now, onToggle }: HeadRowProps) {
  const duration = stepDurationMs(step.state, now);
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
      <span className="log-head__text">{visible(step.text)}</span>
      <span className="log-head__facts numeric">
        {formatPlural(lines, 'line')}
        {duration !== undefined && ` · ${formatDuration(duration)}`}
      </span>
    </button>
  );
}

const noteIcons = { warn: TriangleAlert, bad: OctagonAlert, advice: Lightbulb } as const;

export interface NoteRowProps {
  readonly note: StepNote;
  readonly selected: boolean;
  /** Absent where the Dockerfile is not in the open project. */
  readonly onOpen: (() => void) | undefined;
}

/** A warning, or why a step failed and what to do; a click goes to the line of the Dockerfile. */
export function NoteRow({ note, selected, onOpen }: NoteRowProps) {
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
