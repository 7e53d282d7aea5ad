import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { BuildView } from '../../stores/build-view.ts';
import { rowAt, rowCount, sectionsOf, type LogRow, type Section } from './log-rows.ts';
import type { LogMode } from './log-toolbar.tsx';
import type { OpenLog } from './use-log.ts';

/** The rows that the log has, in the way it is shown now. */
export interface LogRows {
  readonly mode: LogMode;
  readonly setMode: (mode: LogMode) => void;
  readonly folded: ReadonlySet<string>;
  readonly setFolded: (folded: ReadonlySet<string>) => void;
  readonly sections: readonly Section[];
  /** The sections as they would be with these steps folded. */
  readonly sectionsWith: (folded: ReadonlySet<string>) => readonly Section[];
  /** Only lines that match are shown. */
  readonly filtering: boolean;
  readonly bySteps: boolean;
  /** Only this step is shown. */
  readonly stepId: string | undefined;
  readonly count: number;
  readonly rowOf: (row: number) => LogRow | undefined;
}

/** Makes rows of a log. `selectedId` is the step that is shown where only one is. */
export function useLogRows(view: BuildView, log: OpenLog, selectedId: string | undefined): LogRows {
  const counts = useStore(log.model.state, state => state.counts);
  const total = useStore(log.model.state, state => state.total);
  const query = useStore(log.search.state);
  const [mode, setMode] = useState<LogMode>({
    bySteps: true,
    onlyMatches: false,
    onlyStep: false,
  });
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const { steps } = view;
  const stepId = mode.onlyStep ? selectedId : undefined;
  const sectionsWith = useMemo(() => {
    const shown = steps.filter(step => stepId === undefined || step.stepId === stepId);
    return (those: ReadonlySet<string>) => sectionsOf(shown, counts, those);
  }, [steps, counts, stepId]);
  const sections = useMemo(() => sectionsWith(folded), [sectionsWith, folded]);
  const filtering = mode.onlyMatches && query.text !== '';
  const common = { mode, setMode, folded, setFolded, sections, sectionsWith, stepId, filtering };
  if (filtering) return { ...common, bySteps: false, ...matchRows(query.lines) };
  if (mode.bySteps) {
    return {
      ...common,
      bySteps: true,
      count: rowCount(sections),
      rowOf: row => rowAt(sections, row),
    };
  }
  const count = stepId === undefined ? total : (counts.get(stepId) ?? 0);
  const ofStep = stepId === undefined ? {} : { stepId };
  return {
    ...common,
    bySteps: false,
    count,
    rowOf: row => ({ kind: 'line', index: row, ...ofStep }),
  };
}

function matchRows(lines: readonly number[]): Pick<LogRows, 'count' | 'rowOf'> {
  return {
    count: lines.length,
    rowOf(row) {
      const line = lines[row];
      return line === undefined ? undefined : { kind: 'line', index: line };
    },
  };
}
