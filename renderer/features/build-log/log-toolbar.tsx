import {
  ArrowDown,
  ArrowDownToLine,
  ArrowUp,
  CaseSensitive,
  ChevronsDownUp,
  ChevronsUpDown,
  Clock,
  Download,
  Filter,
  Focus,
  ListTree,
  OctagonAlert,
  TextQuote,
  TextWrap,
} from 'lucide-react';
import { useStore } from 'zustand';
import { useApp } from '../../app/context.tsx';
import { useChangeSettings } from '../../app/use-change-settings.ts';
import { IconButton } from '../../components/button.tsx';
import { formatCount } from '../../components/format.ts';
import { SearchField } from '../../components/text-field.tsx';
import { Toolbar, ToolbarSpacer } from '../../components/toolbar.tsx';
import type { LogSearch, SearchState } from './log-search.ts';
import type { LogActions } from './use-log-actions.ts';
import type { LogRows } from './use-log-rows.ts';

/** How the log is shown. */
export interface LogMode {
  readonly bySteps: boolean;
  /** Only lines that match the search. */
  readonly onlyMatches: boolean;
  /** Only the selected step. */
  readonly onlyStep: boolean;
}

export interface LogToolbarProps {
  readonly rows: LogRows;
  readonly actions: LogActions;
  readonly search: LogSearch;
  readonly searchField: React.RefObject<HTMLInputElement | null>;
  readonly atEnd: boolean;
}

/** What one can do with the log. */
export function LogToolbar(props: LogToolbarProps) {
  const { rows, actions, search, searchField } = props;
  const { mode, setMode } = rows;
  const state = useStore(search.state);
  const { text, matchCase } = state;
  return (
    <Toolbar label="Log" className="log-bar">
      <SearchField
        ref={searchField}
        label="Search the log"
        value={text}
        onValueChange={next => search.setQuery(next, matchCase)}
        onKeyDown={event => {
          if (event.key === 'Enter') actions.toMatch(event.shiftKey ? -1 : 1);
        }}
        trailing={
          <IconButton
            size="small"
            label="Match case"
            aria-pressed={matchCase}
            icon={<CaseSensitive aria-hidden="true" />}
            onClick={() => search.setQuery(text, !matchCase)}
          />
        }
      />
      <span className="log-bar__count numeric" role="status">
        {countWords(state)}
      </span>
      <IconButton
        size="small"
        label="Previous match"
        keysHint="Shift+F3"
        disabled={state.lines.length === 0}
        icon={<ArrowUp aria-hidden="true" />}
        onClick={() => actions.toMatch(-1)}
      />
      <IconButton
        size="small"
        label="Next match"
        keysHint="F3"
        disabled={state.lines.length === 0}
        icon={<ArrowDown aria-hidden="true" />}
        onClick={() => actions.toMatch(1)}
      />
      <IconButton
        size="small"
        label="Only matching lines"
        aria-pressed={mode.onlyMatches}
        icon={<Filter aria-hidden="true" />}
        onClick={() => setMode({ ...mode, onlyMatches: !mode.onlyMatches })}
      />
      <ToolbarSpacer />
      <ViewButtons {...props} />
    </Toolbar>
  );
}

function ViewButtons(props: LogToolbarProps) {
  const { rows, actions, atEnd } = props;
  const { mode, setMode, sections, setFolded } = rows;
  const allFolded = sections.length > 0 && sections.every(({ folded }) => folded);
  const foldAll = (): void =>
    setFolded(new Set(allFolded ? [] : sections.map(({ step }) => step.stepId)));
  const { stores } = useApp();
  const { showTimestamps, wrapLog } = useStore(stores.settings, state => state.settings);
  const change = useChangeSettings();
  return (
    <>
      {actions.toFailure && (
        <IconButton
          size="small"
          label="Go to the failure"
          keysHint="F8"
          className="log-bar__failure"
          icon={<OctagonAlert aria-hidden="true" />}
          onClick={actions.toFailure}
        />
      )}
      <IconButton
        size="small"
        label="By step"
        aria-pressed={mode.bySteps}
        icon={<ListTree aria-hidden="true" />}
        onClick={() => setMode({ ...mode, bySteps: true })}
      />
      <IconButton
        size="small"
        label="Plain, in the order of time"
        aria-pressed={!mode.bySteps}
        icon={<TextQuote aria-hidden="true" />}
        onClick={() => setMode({ ...mode, bySteps: false })}
      />
      <IconButton
        size="small"
        label={allFolded ? 'Unfold all steps' : 'Fold all steps'}
        disabled={!mode.bySteps}
        icon={
          allFolded ? <ChevronsUpDown aria-hidden="true" /> : <ChevronsDownUp aria-hidden="true" />
        }
        onClick={foldAll}
      />
      <IconButton
        size="small"
        label="Only the selected step"
        aria-pressed={mode.onlyStep}
        icon={<Focus aria-hidden="true" />}
        onClick={() => setMode({ ...mode, onlyStep: !mode.onlyStep })}
      />
      <IconButton
        size="small"
        label="Timestamps"
        aria-pressed={showTimestamps}
        icon={<Clock aria-hidden="true" />}
        onClick={() => change({ showTimestamps: !showTimestamps })}
      />
      <IconButton
        size="small"
        label="Wrap lines"
        aria-pressed={wrapLog}
        icon={<TextWrap aria-hidden="true" />}
        onClick={() => change({ wrapLog: !wrapLog })}
      />
      <IconButton
        size="small"
        label="Follow the end"
        aria-pressed={atEnd}
        icon={<ArrowDownToLine aria-hidden="true" />}
        onClick={actions.toEnd}
      />
      <IconButton
        size="small"
        label="Save the log…"
        icon={<Download aria-hidden="true" />}
        onClick={actions.save}
      />
    </>
  );
}

function countWords({ text, lines, at, searching, capped, failure }: SearchState): string {
  if (text === '') return '';
  if (failure !== undefined) return 'search failed';
  if (lines.length === 0) return searching ? 'searching…' : 'no match';
  const count = `${formatCount(lines.length)}${capped || searching ? '+' : ''}`;
  return at < 0
    ? `${count} ${lines.length === 1 ? 'line' : 'lines'}`
    : `${formatCount(at + 1)} of ${count}`;
}
