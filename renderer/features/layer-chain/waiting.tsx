import { useStore } from 'zustand';
import { useApp } from '../../app/context.tsx';
import { Button } from '../../components/button.tsx';
import { formatBytes, formatCount } from '../../components/format.ts';
import { Progress } from '../../components/progress.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { visible } from '../../components/visible.ts';
import type { Task } from '../../stores/tasks.ts';

export interface WaitingProps {
  /** "Reading the layer". */
  readonly label: string;
  readonly onCancel?: (() => void) | undefined;
}

/** Stands for what is still read. Where that takes long, it shows how far the work is and offers to stop it. */
export function Waiting({ label, onCancel }: WaitingProps) {
  return (
    <div className="waiting">
      <Skeleton label={label} lines={4} />
      <div className="waiting__long">
        <Running />
        {onCancel && (
          <Button size="small" onClick={onCancel}>
            Cancel
          </Button>
        )}
      </div>
    </div>
  );
}

function Running() {
  const { stores } = useApp();
  const running = useStore(stores.tasks, tasks => tasks.running);
  return [...running.values()].map(task => (
    <div key={task.task} className="waiting__task">
      <span className="muted">
        {visible(task.label)}: {amount(task)}
      </span>
      <Progress label={visible(task.label)} current={task.current} total={task.total} />
    </div>
  ));
}

function amount({ current, total, unit }: Task): string {
  const word = (count: number): string =>
    unit === 'bytes' ? formatBytes(count) : `${formatCount(count)} ${unit}`;
  return total === undefined ? word(current) : `${word(current)} of ${word(total)}`;
}
