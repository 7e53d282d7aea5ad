import { ChevronRight } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { LayerView, TreemapCell } from '../../../shared/ipc/image-views.ts';
import { usePaneSizes } from '../../app/context/use-pane-sizes.ts';
import { FailureView } from '../../components/failure-view.tsx';
import { formatBytes, formatPercent } from '../../components/format.ts';
import { Select } from '../../components/select.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { SplitPane } from '../../components/split-pane.tsx';
import { Table, type Column } from '../../components/table.tsx';
import { visible } from '../../components/visible.ts';
import { ChangeMark } from './change-mark.tsx';
import type { LayerAt } from './selection.ts';
import { framesOf, pathSteps } from './treemap-layout.ts';
import { cellName, Treemap, type Drill, type TreemapProps } from './treemap.tsx';
import { useAnswer, useAnswers, useHeld } from '../../app/context/use-answers.ts';

const views = [
  { value: 'layer', label: 'In this layer' },
  { value: 'cumulative', label: 'Up to this layer' },
] as const;

export interface TreemapTabProps {
  readonly at: LayerAt;
  /** Changes where the tag comes to name another image. */
  readonly chainId: string;
  readonly view: LayerView;
  readonly onView: (view: LayerView) => void;
}

/** What takes the room: a treemap by size to drill into, and the same as a list. */
export function TreemapTab({ at, chainId, view, onView }: TreemapTabProps) {
  const [chosen, setChosen] = useState<string>();
  const directory = useStart({ at, chainId, view }, chosen);
  const setDirectory = (to: string) => setChosen(to);
  return (
    <div className="treemap-tab">
      <div className="panel-bar">
        <Path directory={directory} onDirectory={setDirectory} />
        <Select
          label="Files to show"
          hideLabel
          value={view}
          options={views}
          onValueChange={onView}
        />
      </div>
      <Cells
        at={at}
        chainId={chainId}
        view={view}
        directory={directory}
        onDirectory={setDirectory}
      />
    </div>
  );
}

const mostSteps = 12;

/** Until a folder is chosen, the one where there is more than one thing to see: not `Files` with `app` alone in it. */
function useStart(
  { at, chainId, view }: Omit<TreemapTabProps, 'onView'>,
  chosen: string | undefined,
): string {
  const question = JSON.stringify([at, chainId, view]);
  const [start, setStart] = useState({ of: question, directory: '' });
  const directory = start.of === question ? start.directory : '';
  const { answer } = useAnswer('layer.treemap', { ...at, view, directory }, chainId);
  const sized = answer.kind === 'ready' ? answer.value.filter(({ size }) => size > 0) : [];
  const [only] = sized;
  const goesOn =
    chosen === undefined &&
    sized.length === 1 &&
    only?.directory === true &&
    only.rest === undefined;
  if (goesOn && only.path !== directory && pathSteps(directory).length < mostSteps) {
    setStart({ of: question, directory: only.path });
  }
  return chosen ?? directory;
}

function Path({ directory, onDirectory }: Drill) {
  return (
    <nav className="treemap-path" aria-label="Folder">
      <ol>
        {pathSteps(directory).map(({ name, path }, index) => (
          <li key={path}>
            {index > 0 && <ChevronRight aria-hidden="true" />}
            <button
              type="button"
              className="treemap-path__step"
              aria-current={path === directory ? 'location' : undefined}
              onClick={() => onDirectory(path)}
            >
              {visible(name)}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function Cells(props: Drill & Omit<TreemapTabProps, 'onView'>) {
  const { at, chainId, view, directory, onDirectory } = props;
  const asked = useAnswer('layer.treemap', { ...at, view, directory }, chainId);
  const answer = useHeld(asked.answer);
  const cells = answer.kind === 'ready' ? answer.value : undefined;
  const { box, keepFocus } = useFocusAfter(cells);
  const remembered = usePaneSizes('treemap');
  const inside = useInside(cells ?? [], { at, chainId, view });
  if (answer.kind === 'loading') return <Skeleton label="Measuring the folders" />;
  if (answer.kind === 'failed') {
    return (
      <FailureView
        title="The sizes could not be read"
        failure={answer.failure}
        onRetry={asked.retry}
      />
    );
  }
  const go = (to: string) => {
    keepFocus();
    onDirectory(to);
  };
  if (cells === undefined || cells.length === 0)
    return <p className="panel-note muted">Nothing here.</p>;
  return (
    <div ref={box} className="treemap-tab__panes">
      <SplitPane
        className="files-tab__panes"
        {...remembered}
        panes={[
          {
            pane: 'map',
            label: 'treemap',
            size: 62,
            min: 200,
            content: (
              <Treemap cells={cells} inside={inside} directory={directory} onDirectory={go} />
            ),
          },
          {
            pane: 'list',
            label: 'list',
            size: 38,
            min: 180,
            content: <CellTable cells={cells} onDirectory={go} />,
          },
        ]}
      />
    </div>
  );
}

/** Puts the focus on the first cell or row once other `cells` are drawn, where it was on one before. */
function useFocusAfter(cells: unknown) {
  const box = useRef<HTMLDivElement>(null);
  const wanted = useRef<string>(undefined);
  useEffect(() => {
    if (wanted.current === undefined) return;
    box.current?.querySelector<HTMLElement>(wanted.current)?.focus();
    wanted.current = undefined;
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- `cells` tells when other ones are drawn
  }, [cells]);
  const keepFocus = () => {
    const isCell = document.activeElement?.matches('[role=option]') === true;
    wanted.current = isCell ? '[role=option]' : 'tbody tr';
  };
  return { box, keepFocus };
}

function CellTable(props: {
  readonly cells: readonly TreemapCell[];
  readonly onDirectory: (directory: string) => void;
}) {
  const { cells, onDirectory } = props;
  const whole = cells.reduce((sum, { size }) => sum + size, 0);
  return (
    <div className="treemap-list">
      <Table
        label="Sizes in this folder"
        columns={columnsOf(whole)}
        rows={cells}
        rowKey={({ path, rest }) => (rest === undefined ? path : `${path}\0rest`)}
        onActivate={cell => cell.directory && onDirectory(cell.path)}
        initialSorting={{ column: 'size', direction: 'descending' }}
      />
    </div>
  );
}

function columnsOf(whole: number): readonly Column<TreemapCell>[] {
  return [
    {
      column: 'name',
      title: 'Name',
      sortValue: ({ name }) => name,
      render: cell => (
        <>
          <ChangeMark change={cell.change} short /> {cellName(cell)}
        </>
      ),
    },
    {
      column: 'size',
      title: 'Size',
      width: '6rem',
      align: 'end',
      sortValue: ({ size }) => size,
      render: ({ size }) => formatBytes(size),
    },
    {
      column: 'share',
      title: 'Share',
      width: '5rem',
      align: 'end',
      render: ({ size }) => formatPercent(size, whole),
    },
  ];
}

const mostInside = 150;

/** What is in the largest folders, so that one sees several levels at once. Each answer may name more to ask for. */
function useInside(
  cells: readonly TreemapCell[],
  { at, chainId, view }: Omit<TreemapTabProps, 'onView'>,
): TreemapProps['inside'] {
  const [known, setKnown] = useState<TreemapProps['inside']>(new Map());
  const folders = framesOf(cells, known);
  const { answers } = useAnswers(
    'layer.treemap',
    folders.map(directory => ({ ...at, view, directory, limit: mostInside })),
    chainId,
  );
  const inside = new Map(
    folders.flatMap((folder, index) => {
      const answer = answers[index];
      return answer?.kind === 'ready' ? [[folder, answer.value] as const] : [];
    }),
  );
  const isOther =
    inside.size !== known.size || [...inside].some(([folder, rows]) => known.get(folder) !== rows);
  if (isOther) setKnown(inside);
  return inside;
}
