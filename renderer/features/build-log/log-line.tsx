import { memo, type ReactNode } from 'react';
import type { LogLine } from '../../../shared/ipc/build-views.ts';
import { classNames } from '../../components/class-names.ts';
import { formatCount } from '../../components/format.ts';
import { parseAnsi, type StyledText, type TextStyle } from './ansi.ts';
import { occurrences } from './log-search.ts';

/** A longer line is cut here until one asks for all of it, in UTF-16 units. */
const cutLength = 1000;

export interface LineProps {
  /** Undefined while it is being read. */
  readonly line: LogLine | undefined;
  readonly showTime: boolean;
  /** Says which step the line is of. */
  readonly showStep: boolean;
  readonly query: string;
  readonly matchCase: boolean;
  /** The match one is at. */
  readonly current: boolean;
  readonly selected: boolean;
  readonly expanded: boolean;
  readonly onExpand: (change: (known: ReadonlySet<number>) => ReadonlySet<number>) => void;
}

/** One line of the log. */
export const Line = memo(function Line(props: LineProps) {
  const { line, showTime, showStep, current, selected, expanded } = props;
  if (line === undefined) return <div className="log-line log-line--waiting">…</div>;
  return (
    <div
      className={classNames(
        'log-line',
        `log-line--${line.stream}`,
        current && 'log-line--current',
        selected && 'log-line--selected',
        expanded && 'log-line--expanded',
      )}
    >
      <span className="log-line__number" data-number={line.line + 1} />
      {showTime && <span className="log-line__time">{clockTime(line.time)}</span>}
      {showStep && <span className="log-line__step">{line.stepId}</span>}
      <LineText {...props} line={line} />
    </div>
  );
});

function LineText({ line, query, matchCase, expanded, onExpand }: LineProps & { line: LogLine }) {
  const cut = !expanded && line.text.length > cutLength;
  const parts = parseAnsi(cut ? line.text.slice(0, cutLength) : line.text);
  const missing = (line.fullLength ?? line.text.length) - line.text.length;
  return (
    <span className="log-line__text">
      {highlighted(parts, query, matchCase)}
      {cut && (
        <button
          type="button"
          tabIndex={-1}
          className="log-line__more"
          onClick={() => onExpand(known => new Set(known).add(line.line))}
        >
          Show all {formatCount(line.fullLength ?? line.text.length)} characters
        </button>
      )}
      {expanded && missing > 0 && (
        <span className="log-line__rest">
          {' '}
          ({formatCount(missing)} more characters; save the log to read them)
        </span>
      )}
    </span>
  );
}

/** Cuts styled stretches where the searched text begins and ends. */
function highlighted(parts: readonly StyledText[], query: string, matchCase: boolean): ReactNode {
  const places = occurrences(parts.map(({ text }) => text).join(''), query, matchCase);
  let start = 0;
  return parts.map(({ text, style }, index) => {
    const inside = places
      .map(([from, to]) => [Math.max(0, from - start), Math.min(text.length, to - start)] as const)
      .filter(([from, to]) => to > from);
    start += text.length;
    return (
      <span key={index} className={styleClass(style)}>
        {inside.length === 0 ? text : marked(text, inside)}
      </span>
    );
  });
}

function marked(text: string, places: readonly (readonly [number, number])[]): ReactNode {
  const pieces: ReactNode[] = [];
  let at = 0;
  for (const [from, to] of places) {
    pieces.push(text.slice(at, from), <mark key={from}>{text.slice(from, to)}</mark>);
    at = to;
  }
  return [...pieces, text.slice(at)];
}

function styleClass({ ink, paper, ...switches }: TextStyle): string | undefined {
  const names = [
    ink && `ansi-ink-${ink}`,
    paper && `ansi-paper-${paper}`,
    ...Object.keys(switches).map(name => `ansi-${name}`),
  ];
  return classNames(...names) || undefined;
}

/** Local time of day with milliseconds. */
function clockTime(time: number): string {
  const at = new Date(time);
  const two = (value: number): string => String(value).padStart(2, '0');
  const seconds = `${two(at.getSeconds())}.${String(at.getMilliseconds()).padStart(3, '0')}`;
  return `${two(at.getHours())}:${two(at.getMinutes())}:${seconds}`;
}
