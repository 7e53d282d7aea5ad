import { CircleAlert, RotateCcw } from 'lucide-react';
import type { ReactNode } from 'react';
import { explain, type Failure } from '../../shared/failure.ts';
import { Button } from './button.tsx';
import { visible } from './visible.ts';
import './failure-view.css';

export interface FailureViewProps {
  readonly failure: Failure;
  /** What was being done: "The images could not be listed". */
  readonly title: string;
  readonly onRetry?: (() => void) | undefined;
  readonly actions?: ReactNode;
}

/** What failed, why, what to do about it, and a way to try again. */
export function FailureView({ failure, title, onRetry, actions }: FailureViewProps) {
  const { message, advice } = explain(failure);
  return (
    <div role="alert" className="failure-view">
      <CircleAlert className="failure-view__icon" aria-hidden="true" />
      <div className="failure-view__text">
        <h2>{title}</h2>
        {message.split('\n').map((line, index) => (
          <p key={index}>{visible(line)}</p>
        ))}
        {advice !== undefined && <p className="failure-view__advice">{visible(advice)}</p>}
        {(onRetry !== undefined || actions !== undefined) && (
          <div className="failure-view__actions">
            {onRetry && (
              <Button icon={<RotateCcw aria-hidden="true" />} onClick={onRetry}>
                Try again
              </Button>
            )}
            {actions}
          </div>
        )}
      </div>
    </div>
  );
}
