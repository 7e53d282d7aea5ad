import './progress.css';

export interface ProgressProps {
  readonly label: string;
  readonly current: number;
  /** Absent where it is not known: the bar then only shows that something goes on. */
  readonly total?: number | undefined;
}

/** A progress bar. */
export function Progress({ label, current, total }: ProgressProps) {
  const known = total !== undefined && total > 0;
  const percent = known ? Math.min(100, (current / total) * 100) : undefined;
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent === undefined ? undefined : Math.round(percent)}
      className="progress"
      data-known={known}
    >
      <div className="progress__bar" style={known ? { width: `${percent}%` } : undefined} />
    </div>
  );
}
