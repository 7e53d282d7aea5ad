import { ArrowDown } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useStore } from 'zustand';
import { useApp, useCommands } from '../../app/context.tsx';
import { Button } from '../../components/button.tsx';
import { FailureView } from '../../components/failure-view.tsx';
import { formatPlural } from '../../components/format.ts';
import { useContextMenu, type MenuItem } from '../../components/menu.tsx';
import type { BuildView, StepView } from '../../stores/build-view.ts';
import { EarlyFailure } from './early-failure.tsx';
import { FailureHelp } from './failure-help.tsx';
import { LogRowView } from './log-row.tsx';
import type { LogRow } from './log-rows.ts';
import { LogToolbar } from './log-toolbar.tsx';
import { LogView, type LogViewHandle } from './log-view.tsx';
import { useLineSelection } from './use-line-selection.ts';
import { useLogActions, type LogActions } from './use-log-actions.ts';
import { useLogRows, type LogRows } from './use-log-rows.ts';
import { useThrottledTotal, type OpenLog } from './use-log.ts';

export interface LogPaneProps {
  readonly view: BuildView;
  readonly log: OpenLog;
  readonly now: number;
  readonly active: boolean;
  /** The step to show; another object shows it again. */
  readonly wanted: { readonly stepId: string } | undefined;
  readonly onOpenLine: ((place: Pick<StepView, 'range'>) => void) | undefined;
}

const announceMs = 5000;

/** The log of a build with all that one does with it. */
export function LogPane(props: LogPaneProps) {
  const { view, log, wanted, onOpenLine } = props;
  const failure = useStore(log.model.state, state => state.failure);
  const [atEnd, setAtEnd] = useState(true);
  const handle = useRef<LogViewHandle>(null);
  const searchField = useRef<HTMLInputElement>(null);
  const rows = useLogRows(view, log, wanted?.stepId);
  const actions = useLogActions({ view, log, rows, handle });
  const stayHere = usePlaces(props, rows, { actions, handle });
  useLogCommands(props, actions, () => searchField.current?.select());
  return (
    <div className="log-pane">
      <LogToolbar
        rows={rows}
        actions={actions}
        search={log.search}
        searchField={searchField}
        atEnd={atEnd}
      />
      {failure && (
        <FailureView
          title="The log could not be read"
          failure={failure}
          onRetry={() => log.model.update(view.steps, 0)}
        />
      )}
      <EarlyFailure view={view} onOpenLine={onOpenLine} />
      <FailureHelp key={view.buildId} view={view} toLine={actions.toLine} onOpenLine={onOpenLine} />
      <div
        className="log-pane__frame"
        onKeyDownCapture={stayHere}
        onWheelCapture={stayHere}
        onPointerDownCapture={stayHere}
      >
        <Rows {...props} rows={rows} actions={actions} handle={handle} onAtEnd={setAtEnd} />
        {rows.count === 0 && !(view.status === 'failed' && !rows.filtering) && (
          <p className="log-pane__none muted">{noRowsWords(view, rows)}</p>
        )}
        {!atEnd && view.status === 'running' && (
          <Button
            size="small"
            className="log-pane__follow"
            icon={<ArrowDown aria-hidden="true" />}
            onClick={actions.toEnd}
          >
            Follow
          </Button>
        )}
      </div>
      <Announcer log={log} running={view.status === 'running'} />
    </div>
  );
}

interface Places {
  readonly actions: LogActions;
  readonly handle: React.RefObject<LogViewHandle | null>;
}

/**
 * Shows what one wants to see first: the step that was asked for, what failed, what is new, or the beginning. What is
 * given is called when a person moves in the log by then: who is somewhere is not taken elsewhere.
 */
function usePlaces({ view, log, wanted }: LogPaneProps, rows: LogRows, places: Places): () => void {
  const { actions, handle } = places;
  const counted = useStore(log.model.state, state => state.counts.size > 0);
  const placed = useRef(false);
  useEffect(() => {
    if (placed.current || !counted || rows.count === 0) return;
    placed.current = true;
    if (wanted !== undefined || view.status === 'running') return;
    if (actions.toFailure !== undefined) actions.toFailure();
    else handle.current?.showTop();
  });
  useEffect(() => {
    if (wanted !== undefined && counted) actions.toStep(wanted.stepId);
    // oxlint-disable-next-line react/exhaustive-deps -- once for each wish, and when the log is first there
  }, [wanted, counted]);
  return () => {
    if (rows.count > 0) placed.current = true;
  };
}

function useLogCommands(props: LogPaneProps, actions: LogActions, find: () => void): void {
  const { active, view } = props;
  // The commands stay; what they do is always what it is now.
  const now = useRef(actions);
  useEffect(() => {
    now.current = actions;
  });
  useCommands(() => {
    const common = { group: 'Build log', when: () => active };
    return [
      { ...common, command: 'log.find', title: 'Search the log', keys: ['Mod+F'], run: find },
      {
        ...common,
        command: 'log.nextMatch',
        title: 'Next match in the log',
        keys: ['F3'],
        run: () => now.current.toMatch(1),
      },
      {
        ...common,
        command: 'log.previousMatch',
        title: 'Previous match in the log',
        keys: ['Shift+F3'],
        run: () => now.current.toMatch(-1),
      },
      {
        ...common,
        command: 'log.failure',
        title: 'Go to the failure in the log',
        keys: ['F8'],
        when: () => active && now.current.toFailure !== undefined,
        run: () => now.current.toFailure?.(),
      },
      {
        ...common,
        command: 'log.follow',
        title: 'Follow the end of the log',
        run: () => now.current.toEnd(),
      },
      { ...common, command: 'log.save', title: 'Save the log…', run: () => now.current.save() },
    ];
  }, [active, view.buildId]);
}

interface RowsProps extends LogPaneProps, Places {
  readonly rows: LogRows;
  readonly onAtEnd: (atEnd: boolean) => void;
}

/** The rows, and what the pointer and the keyboard do on them. */
function Rows(props: RowsProps) {
  const { log, now, rows, actions, handle, onAtEnd, onOpenLine } = props;
  const { stores } = useApp();
  const { wrapLog, showTimestamps, fontSize } = useStore(stores.settings, state => state.settings);
  const query = useStore(log.search.state);
  const [expanded, setExpanded] = useState<ReadonlySet<number>>(new Set());
  const { bySteps, filtering, stepId, folded, count, rowOf } = rows;
  const selection = useLineSelection(JSON.stringify([rows.mode, filtering, [...folded]]));
  const { menu, open } = useContextMenu('Log');
  const rowHeight = Math.round(fontSize * 1.54);
  const shown = {
    now,
    showTime: showTimestamps,
    showStep: !bySteps,
    query: query.text,
    matchCase: query.matchCase,
    currentLine: query.lines[query.at],
    expanded,
    onExpand: setExpanded,
    onToggle: actions.toggle,
    onOpenLine,
  };
  const layout = [wrapLog, fontSize, showTimestamps, bySteps, filtering, stepId, expanded.size];
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions -- the keyboard selects by arrows in the log itself
    <div
      className="log-pane__rows"
      data-wrap={wrapLog}
      style={{ '--log-row': `${rowHeight}px` } as React.CSSProperties}
      onClick={event => selection.click(rowAtPointer(event), event.shiftKey)}
      onContextMenu={event => {
        const row = rowAtPointer(event);
        if (row !== undefined) open(event, menuItems(rows, actions, selection.rangeOr(row)));
      }}
    >
      <LogView
        ref={handle}
        changes={log.model.state}
        label="Build log"
        count={count}
        rowHeight={rowHeight}
        layout={JSON.stringify([...layout, [...folded]])}
        onAtEnd={onAtEnd}
        renderRow={row => (
          <LogRowView
            {...shown}
            row={rowOf(row)}
            pages={log.model.pages}
            selected={selection.has(row)}
          />
        )}
        onKeyDown={event => {
          if (copies(event, selection.range)) return actions.copy(...selection.range, rowOf);
          const row = selection.key(event, count, handle.current?.pageRows() ?? 1);
          if (row === undefined) return pressRow(event, rowOf(selection.at ?? -1), props);
          event.preventDefault();
          handle.current?.reveal(row);
        }}
      />
      {menu}
    </div>
  );
}

type Range = readonly [from: number, to: number];

/** Tells whether a key copies the selected rows; where text is selected, the browser copies that. */
function copies(event: KeyboardEvent<HTMLElement>, range: Range | undefined): range is Range {
  const isCopy = (event.ctrlKey || event.metaKey) && event.key === 'c';
  if (!isCopy || range === undefined || window.getSelection()?.isCollapsed === false) return false;
  event.preventDefault();
  return true;
}

function menuItems(rows: LogRows, actions: LogActions, [from, to]: Range): readonly MenuItem[] {
  const row = rows.rowOf(from);
  const stepId = row?.kind === 'line' ? row.stepId : row?.step.stepId;
  const section = rows.sections.find(({ step }) => step.stepId === stepId);
  const copyRows: MenuItem = {
    kind: 'action',
    label: to - from > 1 ? `Copy ${formatPlural(to - from, 'line')}` : 'Copy the line',
    onSelect: () => actions.copy(from, to, rows.rowOf),
  };
  const save: MenuItem = { kind: 'action', label: 'Save the log…', onSelect: actions.save };
  if (section === undefined) return [copyRows, save];
  const copyStep: MenuItem = {
    kind: 'action',
    label: 'Copy all of the step',
    onSelect: () =>
      actions.copy(0, section.lines, index => ({
        kind: 'line',
        stepId: section.step.stepId,
        index,
      })),
  };
  return [copyRows, copyStep, save];
}

/** Enter, Left and Right on the row at the cursor. */
function pressRow(
  event: KeyboardEvent<HTMLElement>,
  row: LogRow | undefined,
  { actions, onOpenLine }: RowsProps,
): void {
  if (row?.kind === 'note' && event.key === 'Enter') {
    onOpenLine?.({ ...row.step, range: row.note.range });
  }
  if (row?.kind !== 'head') return;
  const toggles = { Enter: true, ' ': true, ArrowLeft: !row.folded, ArrowRight: row.folded };
  if (!Object.entries(toggles).some(([key, means]) => means && key === event.key)) return;
  event.preventDefault();
  actions.toggle(row.step.stepId);
}

function rowAtPointer(event: React.MouseEvent<HTMLElement>): number | undefined {
  if (!(event.target instanceof Element)) return undefined;
  const row = event.target.closest<HTMLElement>('[data-row]')?.dataset['row'];
  return row === undefined ? undefined : Number(row);
}

function noRowsWords({ status }: BuildView, { filtering }: LogRows): string {
  if (filtering) return 'No line matches.';
  return status === 'running' ? 'Waiting for the first line…' : 'This build said nothing.';
}

/** Tells from time to time how the log grows. */
function Announcer({ log, running }: { readonly log: OpenLog; readonly running: boolean }) {
  const total = useThrottledTotal(log.model, announceMs);
  return (
    <p className="visually-hidden" role="status">
      {running && total > 0 ? `${formatPlural(total, 'line')} in the log` : ''}
    </p>
  );
}
