import {
  ArrowLeft,
  ChartNoAxesGantt,
  CircleStop,
  GitCompareArrows,
  Info,
  ListChecks,
  RotateCcw,
  ScrollText,
  TrendingUp,
  Trash2,
} from 'lucide-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { Failure } from '../../../shared/failure.ts';
import type { BuildSummary } from '../../../shared/ipc/build-views.ts';
import { useApp } from '../../app/context.tsx';
import { narrowWindow, useMedia } from '../../app/context/use-media.ts';
import { usePaneSizes } from '../../app/context/use-pane-sizes.ts';
import { Badge } from '../../components/badge.tsx';
import { Button, IconButton } from '../../components/button.tsx';
import { FailureView } from '../../components/failure-view.tsx';
import { formatDuration, formatPlural } from '../../components/format.ts';
import { Skeleton } from '../../components/skeleton.tsx';
import { SplitPane } from '../../components/split-pane.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { useNow } from '../../components/use-now.ts';
import { visible } from '../../components/visible.ts';
import { elapsedMs, type BuildView, type StepView } from '../../stores/build-view.ts';
import { fileInProject } from '../../stores/file-in-project.ts';
import { settled, valueOr } from '../../stores/loadable.ts';
import { buildTitle, wordsOfStatus } from './build-words.ts';
import { CompareView } from './compare-view.tsx';
import { DetailsView } from './details-view.tsx';
import { LogPane } from './log-pane.tsx';
import { BuildIcon } from './state-icon.tsx';
import { StepList } from './step-list.tsx';
import { TimingView } from './timing-view.tsx';
import { TrendView } from './trend-view.tsx';
import { useLog } from './use-log.ts';

export interface BuildPaneProps {
  readonly buildId: string;
  readonly active: boolean;
  readonly wanted: { readonly buildId: string; readonly stepId: string } | undefined;
  readonly onRerun: () => void;
  readonly onRerunFrom: (step: StepView) => void;
  readonly onDelete: (build: BuildSummary) => void;
  /** Goes to the list of builds, where that is not in view beside this. */
  readonly onBack?: (() => void) | undefined;
}

/** One build: read first, where it is not followed yet. */
export function BuildPane(props: BuildPaneProps) {
  const { stores } = useApp();
  const { buildId } = props;
  const view = useStore(stores.builds, state => state.views.get(buildId));
  const [failure, setFailure] = useState<Failure>();
  const [tries, setTries] = useState(0);
  useEffect(() => {
    let gone = false;
    void settled(stores.builds.getState().follow(buildId)).then(answer => {
      if (!gone) setFailure(answer.kind === 'failed' ? answer.failure : undefined);
    });
    return () => {
      gone = true;
    };
    // oxlint-disable-next-line react/exhaustive-deps -- each try asks again
  }, [stores, buildId, tries]);
  if (failure !== undefined) {
    return (
      <FailureView
        title="The build could not be read"
        failure={failure}
        onRetry={() => setTries(tries + 1)}
      />
    );
  }
  return view === undefined ? (
    <Skeleton label="Loading the build" />
  ) : (
    <Build {...props} view={view} />
  );
}

const tickMs = 200;
const stillMs = 60_000;

function Build(props: BuildPaneProps & { readonly view: BuildView }) {
  const { view, active, wanted } = props;
  const now = useNow(view.status === 'running' && active ? tickMs : stillMs);
  const remembered = usePaneSizes('build');
  const isNarrow = useMedia(narrowWindow);
  const [step, setStep] = useState<{ readonly stepId: string }>();
  const [tab, setTab] = useState<Tab>('log');
  const [met, setMet] = useState<BuildPaneProps['wanted']>();
  if (wanted !== met) {
    setMet(wanted);
    if (wanted?.buildId === view.buildId) setStep({ stepId: wanted.stepId });
  }
  const select = (stepId: string): void => {
    setStep({ stepId });
    setTab('log');
  };
  const openLine = useOpenLine(view);
  const steps = (
    <StepList
      view={view}
      now={now}
      selectedId={step?.stepId}
      onSelect={stepId => (tab === 'log' ? select(stepId) : setStep({ stepId }))}
      onOpenLine={openLine}
      onRerunFrom={view.status === 'running' ? undefined : props.onRerunFrom}
    />
  );
  const parts = (
    <BuildTabs
      tab={shownTab(tab, isNarrow)}
      onTab={setTab}
      steps={isNarrow ? steps : undefined}
      log={
        <Log
          view={view}
          now={now}
          active={active && tab === 'log'}
          wanted={step}
          onOpenLine={openLine}
        />
      }
      timing={<TimingView view={view} now={now} onSelect={select} />}
      view={view}
    />
  );
  if (isNarrow) {
    return (
      <div className="build">
        <BuildHead {...props} now={now} />
        {parts}
      </div>
    );
  }
  return (
    <div className="build">
      <BuildHead {...props} now={now} />
      <SplitPane
        className="build__panes"
        {...remembered}
        panes={[
          {
            pane: 'steps',
            label: 'steps',
            size: 32,
            min: 130,
            content: steps,
          },
          {
            pane: 'log',
            label: 'the log',
            size: 68,
            min: 220,
            content: parts,
          },
        ]}
      />
    </div>
  );
}

/** The steps are a tab only where they have no room beside the log. */
type Tab = 'steps' | 'log' | 'timing' | 'compare' | 'trends' | 'details';

function shownTab(tab: Tab, isNarrow: boolean): Tab {
  return tab === 'steps' && !isNarrow ? 'log' : tab;
}

const stepsTab = {
  value: 'steps',
  label: 'Steps',
  icon: <ListChecks aria-hidden="true" />,
} as const;

const tabs = [
  { value: 'log', label: 'Log', icon: <ScrollText aria-hidden="true" /> },
  { value: 'timing', label: 'Timing', icon: <ChartNoAxesGantt aria-hidden="true" /> },
  { value: 'compare', label: 'Compare', icon: <GitCompareArrows aria-hidden="true" /> },
  { value: 'trends', label: 'Trends', icon: <TrendingUp aria-hidden="true" /> },
  { value: 'details', label: 'Details', icon: <Info aria-hidden="true" /> },
] as const;

interface BuildTabsProps {
  readonly tab: Tab;
  readonly onTab: (tab: Tab) => void;
  /** Absent where the steps stand beside the tabs. */
  readonly steps: React.ReactNode | undefined;
  readonly log: React.ReactNode;
  readonly timing: React.ReactNode;
  readonly view: BuildView;
}

function BuildTabs({ tab, onTab, steps, log, timing, view }: BuildTabsProps) {
  const { stores } = useApp();
  const detail = useStore(stores.builds, state => state.details.get(view.buildId));
  return (
    <Tabs
      label="Parts of the build"
      items={steps === undefined ? tabs : [stepsTab, ...tabs]}
      value={tab}
      onValueChange={onTab}
      className="build__tabs"
    >
      {/* Stays, so that it keeps its place and its search. */}
      <div className="build__log" hidden={tab !== 'log'}>
        {log}
      </div>
      {tab === 'steps' && steps}
      {tab === 'timing' && timing}
      {tab === 'compare' && <CompareView key={view.buildId} view={view} />}
      {tab === 'trends' && <TrendView view={view} />}
      {tab === 'details' && <DetailsView view={view} detail={detail} />}
    </Tabs>
  );
}

interface LogProps {
  readonly view: BuildView;
  readonly now: number;
  readonly active: boolean;
  readonly wanted: { readonly stepId: string } | undefined;
  readonly onOpenLine: ((place: Pick<StepView, 'range'>) => void) | undefined;
}

function Log(props: LogProps) {
  const log = useLog(props.view);
  return log === undefined ? (
    <Skeleton label="Loading the log" />
  ) : (
    <LogPane {...props} log={log} />
  );
}

function BuildHead(props: BuildPaneProps & { readonly view: BuildView; readonly now: number }) {
  const { view, now, onRerun, onDelete, onBack } = props;
  const { stores } = useApp();
  const detail = useStore(stores.builds, state => state.details.get(view.buildId));
  const { label, tone } = wordsOfStatus(view.status);
  const running = view.status === 'running';
  return (
    <header className="build__head">
      {onBack && (
        <IconButton
          size="small"
          label="All builds"
          icon={<ArrowLeft aria-hidden="true" />}
          onClick={onBack}
        />
      )}
      <h2 className="truncate">
        {visible(buildTitle({ tags: detail?.summary.tags ?? [], contextDir: view.contextDir }))}
      </h2>
      <Badge tone={tone} icon={<BuildIcon status={view.status} />}>
        {label}
      </Badge>
      <span className="build__facts muted numeric">
        {view.status !== 'interrupted' && formatDuration(elapsedMs(view, now))}
        {view.result && ` · ${formatPlural(view.result.layers, 'layer')}`}
      </span>
      <span className="build__actions">
        {running ? (
          <Button
            size="small"
            icon={<CircleStop aria-hidden="true" />}
            onClick={() => {
              stores.builds
                .getState()
                .cancel(view.buildId)
                .catch((error: unknown) =>
                  stores.notices.getState().tellError(error, 'The build could not be cancelled'),
                );
            }}
          >
            Cancel build
          </Button>
        ) : (
          <>
            <Button size="small" icon={<RotateCcw aria-hidden="true" />} onClick={onRerun}>
              Run again
            </Button>
            {detail && (
              <IconButton
                size="small"
                label="Delete this build"
                icon={<Trash2 aria-hidden="true" />}
                onClick={() => onDelete(detail.summary)}
              />
            )}
          </>
        )}
      </span>
    </header>
  );
}

/** Shows a step's line in the editor; undefined where its Dockerfile is not in the open project. */
function useOpenLine(view: BuildView): LogProps['onOpenLine'] {
  const { stores, navigate } = useApp();
  const project = useStore(stores.project, state => state.project);
  const file = fileInProject(view.dockerfile, valueOr(project, undefined)?.dir);
  return file === undefined ? undefined : ({ range }) => navigate.openEditorAt(range, file);
}
