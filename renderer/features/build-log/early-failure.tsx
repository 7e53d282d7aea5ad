import { FileCode2 } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { FailureView } from '../../components/failure-view.tsx';
import type { SourceRange } from '../../../shared/source-range.ts';
import type { BuildView } from '../../stores/build-view.ts';
import { placesOf } from '../../stores/failure-places.ts';
import { failedStep } from './build-words.ts';

export interface EarlyFailureProps {
  readonly view: BuildView;
  /** Absent where the Dockerfile is not in the open project. */
  readonly onOpenLine: ((place: { readonly range: SourceRange }) => void) | undefined;
}

/** More ways into the text than these help nobody; all are in the message. */
const mostPlaces = 5;

/** Why a build failed where no step is to blame, with the ways to the lines that are. */
export function EarlyFailure({ view, onOpenLine }: EarlyFailureProps) {
  const { failure, steps } = view;
  const isTold = failedStep(view) !== undefined || failure?.code === 'cancelled';
  if (failure === undefined || isTold) return null;
  const hasBegun = steps.some(({ state }) => state.kind !== 'waiting');
  const lines = new Map(placesOf(failure).map(({ range }) => [range.start.line, range]));
  const places = onOpenLine === undefined ? [] : [...lines.values()].slice(0, mostPlaces);
  return (
    <FailureView
      title={hasBegun ? 'The build failed' : 'The build failed before its first step'}
      failure={failure}
      actions={
        places.length === 0
          ? undefined
          : places.map(range => (
              <Button
                key={range.start.line}
                size="small"
                icon={<FileCode2 aria-hidden="true" />}
                onClick={() => onOpenLine?.({ range })}
              >
                Go to line {range.start.line + 1}
              </Button>
            ))
      }
    />
  );
}
