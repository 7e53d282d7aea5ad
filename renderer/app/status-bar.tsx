import { CircleAlert, CircleX, Cpu, Database, MonitorCheck, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import type { AppInfo, Settings } from '../../shared/ipc/app-views.ts';
import { formatBytes } from '../components/format.ts';
import { Progress } from '../components/progress.tsx';
import { visible } from '../components/visible.ts';
import { VisuallyHidden } from '../components/visually-hidden.tsx';
import { totalProblems } from '../stores/files.ts';
import type { Task } from '../stores/tasks.ts';
import { defaultSettings } from '../stores/settings.ts';
import { useApp } from './context.tsx';
import { nextBackend } from './next-backend.ts';
import './status-bar.css';

/** The bar at the foot: where builds run and why, the host, problems, the store, text size. */
export function StatusBar() {
  const { stores } = useApp();
  const info = useStore(stores.appInfo, state => state.info);
  const settings = useStore(stores.settings, state => state.settings);
  return (
    <footer className="status-bar" aria-label="Status">
      {info.kind === 'ready' && <HostItems info={info.value} backend={settings.backend} />}
      {info.kind === 'failed' && (
        <Item icon={<CircleAlert aria-hidden="true" />}>The host does not answer</Item>
      )}
      <RunningTasks />
      <span className="status-bar__space" />
      <ProblemCount />
      {info.kind === 'ready' && (
        <Item
          icon={<Database aria-hidden="true" />}
          tooltip={`The store: ${visible(info.value.storeDir)}`}
          onClick={() => stores.commands.getState().run('view.images')}
        >
          Store {formatBytes(info.value.storeBytes)}
        </Item>
      )}
      <Item
        tooltip="Text size; choose for normal size"
        onClick={() => stores.commands.getState().run('view.zoomReset')}
      >
        {Math.round((settings.fontSize / defaultSettings.fontSize) * 100)} %
      </Item>
    </footer>
  );
}

interface ItemProps {
  readonly icon?: ReactNode;
  readonly tooltip?: string;
  readonly onClick?: () => void;
  readonly children: ReactNode;
}

function Item({ icon, tooltip, onClick, children }: ItemProps) {
  if (onClick === undefined) {
    return (
      <span className="status-bar__item" data-tooltip={tooltip}>
        {icon}
        <span className="truncate">{children}</span>
      </span>
    );
  }
  return (
    <button type="button" className="status-bar__item" data-tooltip={tooltip} onClick={onClick}>
      {icon}
      <span className="truncate">{children}</span>
    </button>
  );
}

function HostItems({ info, backend }: { info: AppInfo; backend: Settings['backend'] }) {
  const { navigate, stores } = useApp();
  const plan = useStore(stores.nextBuild, state => state.plan);
  const next = nextBackend(plan, info, backend);
  return (
    <>
      {next && (
        <Item
          icon={next.isProblem ? <TriangleAlert aria-hidden="true" /> : <Cpu aria-hidden="true" />}
          tooltip={visible(next.reason)}
          onClick={() =>
            next.isProblem
              ? stores.commands.getState().run('build.preflight')
              : navigate.show('settings')
          }
        >
          {next.label}
        </Item>
      )}
      <Item
        icon={<MonitorCheck aria-hidden="true" />}
        tooltip="What this machine can do, check by check"
        onClick={() => stores.commands.getState().run('view.host')}
      >
        {info.hostBuild === undefined
          ? 'Not Windows: builds here, runs on Windows hosts'
          : `Windows ${visible(info.hostBuild)}`}
      </Item>
    </>
  );
}

function ProblemCount() {
  const { stores, navigate } = useApp();
  const problems = useStore(stores.project, state => state.problems);
  const { errors, warnings } = totalProblems(problems);
  return (
    <button
      type="button"
      className="status-bar__item numeric"
      data-tooltip="Problems in the Dockerfile"
      onClick={() => navigate.show('editor')}
    >
      <CircleX aria-hidden="true" /> {errors}
      <VisuallyHidden>{errors === 1 ? 'error' : 'errors'}</VisuallyHidden>
      <TriangleAlert aria-hidden="true" /> {warnings}
      <VisuallyHidden>{warnings === 1 ? 'warning' : 'warnings'}</VisuallyHidden>
    </button>
  );
}

function RunningTasks() {
  const { stores } = useApp();
  const running = useStore(stores.tasks, tasks => tasks.running);
  return [...running.values()].map(task => <TaskItem key={task.task} task={task} />);
}

function TaskItem({ task }: { readonly task: Task }) {
  const current = task.unit === 'bytes' ? formatBytes(task.current) : String(task.current);
  return (
    <span className="status-bar__item">
      <span className="truncate">
        {visible(task.label)} {current}
      </span>
      <span className="status-bar__progress">
        <Progress label={visible(task.label)} current={task.current} total={task.total} />
      </span>
    </span>
  );
}
