import { FileCode2, Layers, TriangleAlert } from 'lucide-react';
import { useRef, type ReactNode } from 'react';
import { useApp } from '../../app/context.tsx';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { classNames } from '../../components/class-names.ts';
import { formatBytes, formatCount, formatDuration, formatPlural } from '../../components/format.ts';
import { Progress } from '../../components/progress.tsx';
import { moveFocus } from '../../components/roving.ts';
import { visible } from '../../components/visible.ts';
import {
  stepsDone,
  type BuildView,
  type StepProgress,
  type StepView,
} from '../../stores/build-view.ts';
import { layerIndexOf, stepDurationMs, wordsOfState } from './build-words.ts';
import { CacheStory, whyWords, type CacheStoryProps } from './cache-story.tsx';
import { FailedStep } from './failed-step.tsx';
import { StepIcon } from './state-icon.tsx';

export interface StepListProps {
  readonly view: BuildView;
  readonly now: number;
  readonly selectedId: string | undefined;
  readonly onSelect: (stepId: string) => void;
  /** Shows the line of the Dockerfile; absent where it is not in the open project. */
  readonly onOpenLine: ((step: StepView) => void) | undefined;
  readonly onRerunFrom: CacheStoryProps['onRerunFrom'];
}

/** The steps by stage: one stop for Tab, arrows choose. */
export function StepList(props: StepListProps) {
  const { view, now, selectedId, onSelect, onOpenLine, onRerunFrom } = props;
  const list = useRef<HTMLDivElement>(null);
  const { done, total } = stepsDone(view);
  const selected = view.steps.find(step => step.stepId === selectedId);
  const stop = selected ?? view.steps[0];
  // What a failure left is offered without looking for it.
  const shown = selected ?? view.steps.find(({ kept, files = [] }) => kept || files.length > 0);
  return (
    <div className="steps">
      <p className="steps__summary muted">
        {total === 0 ? noStepsWords(view) : `${done} of ${formatPlural(total, 'step')} done`}
      </p>
      <div
        ref={list}
        role="listbox"
        aria-label="Steps"
        tabIndex={-1}
        className="steps__list"
        onKeyDown={event => moveFocus(event, '[role=option]', 'vertical')?.click()}
      >
        {view.stages.map(({ stage, stageName, base }) => (
          <div key={stage} role="group" aria-label={`Stage ${visible(stageName ?? String(stage))}`}>
            <h3 className="steps__stage" aria-hidden="true">
              <span>{visible(stageName ?? `stage ${stage}`)}</span>
              <span className="truncate muted" data-tooltip={base}>
                {visible(base)}
              </span>
            </h3>
            {view.steps
              .filter(step => step.stage === stage)
              .map(step => (
                <button
                  key={step.stepId}
                  type="button"
                  role="option"
                  aria-selected={step === selected}
                  tabIndex={step === stop ? 0 : -1}
                  className={classNames(
                    'steps__step',
                    step === selected && 'steps__step--selected',
                  )}
                  onClick={() => onSelect(step.stepId)}
                  onKeyDown={event => event.key === 'Enter' && event.ctrlKey && onOpenLine?.(step)}
                >
                  <StepRow step={step} now={now} />
                </button>
              ))}
          </div>
        ))}
      </div>
      {shown && (
        <StepActions
          label={selected ? 'Selected step' : 'Failed step'}
          view={view}
          step={shown}
          onOpenLine={onOpenLine}
        >
          <CacheStory step={shown} now={now} onRerunFrom={onRerunFrom} />
        </StepActions>
      )}
    </div>
  );
}

function noStepsWords({ status }: BuildView): string {
  return status === 'running' ? 'Making the plan' : 'No step was begun';
}

function StepRow({ step, now }: { readonly step: StepView; readonly now: number }) {
  const { state, keyword, text, warnings } = step;
  const duration = stepDurationMs(state, now);
  const { label, tone } = wordsOfState(state);
  const layer = state.kind === 'ran' || state.kind === 'cached' ? state.layer : undefined;
  const why = whyWords(state, now);
  return (
    <>
      <StepIcon state={state} />
      <span className="steps__text truncate" data-tooltip={visible(text)}>
        <strong>{visible(keyword)}</strong> {visible(text.slice(keyword.length).trim())}
      </span>
      <span className="steps__duration numeric">
        {duration === undefined ? '' : formatDuration(duration)}
      </span>
      <span className="steps__facts">
        <span className={`tone-${tone}`}>{label}</span>
        {layer && <span>{formatBytes(layer.compressedSize)} layer</span>}
        {warnings.length > 0 && (
          <span className="steps__warnings tone-warn">
            <TriangleAlert aria-hidden="true" />
            {formatPlural(warnings.length, 'warning')}
          </span>
        )}
        {why !== undefined && (
          <span className="steps__why truncate" data-tooltip={visible(why)}>
            {visible(why)}
          </span>
        )}
      </span>
      {state.kind === 'running' && state.progress && <StepBar progress={state.progress} />}
    </>
  );
}

function StepBar({ progress }: { readonly progress: StepProgress }) {
  const { phase, current, total, unit, detail } = progress;
  const amount = (value: number): string =>
    unit === 'bytes' ? formatBytes(value) : formatCount(value);
  const of = total === undefined ? '' : ` of ${amount(total)}`;
  return (
    <span className="steps__progress">
      <Progress label={phase} current={current} total={total} />
      <span className="truncate">
        {phase} {amount(current)}
        {of}
        {unit === 'files' && ' files'} {detail !== undefined && visible(detail)}
      </span>
    </span>
  );
}

interface StepActionsProps {
  readonly label: string;
  readonly view: BuildView;
  readonly step: StepView;
  readonly onOpenLine: ((step: StepView) => void) | undefined;
  readonly children: ReactNode;
}

/** What one can do with a step. */
function StepActions({ label, view, step, onOpenLine, children }: StepActionsProps) {
  const { navigate } = useApp();
  const { state } = step;
  const layer = state.kind === 'ran' || state.kind === 'cached' ? state.layer : undefined;
  const layerIndex = layerIndexOf(view, step.stepId);
  const reference = view.result?.tags[0];
  return (
    <section className="steps__detail" aria-label={label}>
      <code className="steps__instruction">{visible(step.text)}</code>
      {layer && (
        <p className="muted">
          {formatPlural(layer.files, 'file')}, {formatBytes(layer.uncompressedSize)} (
          {formatBytes(layer.compressedSize)} compressed)
        </p>
      )}
      <div className="steps__actions">
        {state.kind === 'cached' && <Badge tone="note">from the cache</Badge>}
        {onOpenLine && (
          <Button
            size="small"
            icon={<FileCode2 aria-hidden="true" />}
            onClick={() => onOpenLine(step)}
          >
            Line {step.range.start.line + 1}
          </Button>
        )}
        {reference !== undefined && layerIndex !== undefined && (
          <Button
            size="small"
            icon={<Layers aria-hidden="true" />}
            onClick={() => navigate.showLayers(reference, layerIndex)}
          >
            Show layer
          </Button>
        )}
      </div>
      <FailedStep key={step.stepId} buildId={view.buildId} step={step} />
      {children}
    </section>
  );
}
