import { CircleCheck, CircleDashed, CircleX, Hammer, LoaderCircle, Square } from 'lucide-react';
import { useStore } from 'zustand';
import { explain } from '../../../shared/failure.ts';
import type {
  PipelineImageState,
  PipelineImageView,
  PipelineRunView,
} from '../../../shared/ipc/pipeline-views.ts';
import { useApp } from '../../app/context.tsx';
import { useAnswer, useHeld } from '../../app/context/use-answers.ts';
import { Badge, type Tone } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { FailureView } from '../../components/failure-view.tsx';
import { formatDuration, formatPlural } from '../../components/format.ts';
import { Skeleton } from '../../components/skeleton.tsx';
import { visible } from '../../components/visible.ts';
import { latestRun } from '../../stores/pipelines.ts';
import type * as monaco from './monaco/monaco.ts';
import { reveal } from './reveal.ts';
import './pipeline-panel.css';

export interface PipelinePanelProps {
  readonly file: string;
  readonly editor: monaco.editor.IStandaloneCodeEditor | undefined;
}

/** The images of a pipeline in their waves, what became of each, and the button that builds them all. */
export function PipelinePanel({ file, editor }: PipelinePanelProps) {
  const { stores } = useApp();
  // What is on disk is what is built.
  const version = useStore(stores.project, state => {
    const loaded = state.files.get(file);
    return loaded?.kind === 'ready' ? loaded.value.version : '';
  });
  const { answer, retry } = useAnswer('pipeline.plan', { file }, version);
  const plan = useHeld(answer);
  const run = useStore(stores.pipelines, state => latestRun(state, file));
  if (plan.kind === 'loading') return <Skeleton label="Reading the pipeline" />;
  if (plan.kind === 'failed') {
    return (
      <FailureView title="The pipeline could not be read" failure={plan.failure} onRetry={retry} />
    );
  }
  const { images } = plan.value;
  return (
    <section className="editor-panel pipeline" aria-label="Pipeline">
      <h2 className="editor-panel__head">
        Pipeline
        <span className="muted" role="status">
          {summary(images, run)}
        </span>
        <PipelineActions file={file} canBuild={images.length > 0} run={run} />
      </h2>
      {images.length === 0 ? (
        <p className="editor-panel__none muted">
          The saved file has errors: the problems say where. Nothing can be built until they are
          gone.
        </p>
      ) : (
        <ol className="pipeline__waves">
          {wavesOf(images).map((wave, index) => (
            <li key={index} className="pipeline__wave" aria-label={`Wave ${index + 1}`}>
              <h3 className="muted">Wave {index + 1}</h3>
              <ul>
                {wave.map(image => (
                  <ImageRow
                    key={image.image}
                    image={image}
                    state={run?.images.find(one => one.image === image.image)?.state}
                    onReveal={() => reveal(editor, image.range)}
                  />
                ))}
              </ul>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function wavesOf(images: readonly PipelineImageView[]): readonly (readonly PipelineImageView[])[] {
  const count = Math.max(0, ...images.map(({ wave }) => wave + 1));
  return Array.from({ length: count }, (_, wave) => images.filter(one => one.wave === wave));
}

function summary(images: readonly PipelineImageView[], run: PipelineRunView | undefined): string {
  const size = formatPlural(images.length, 'image');
  if (run === undefined) return size;
  const built = run.images.filter(({ state }) => state.kind === 'built').length;
  const words = {
    running: 'building',
    failed: 'failed',
    cancelled: 'stopped',
  } as const;
  return run.status === 'succeeded'
    ? `All ${size} built`
    : `${built} of ${run.images.length} images built, ${words[run.status]}`;
}

interface ActionsProps {
  readonly file: string;
  readonly canBuild: boolean;
  readonly run: PipelineRunView | undefined;
}

function PipelineActions({ file, canBuild, run }: ActionsProps) {
  const { stores } = useApp();
  const { cancel, start } = stores.pipelines.getState();
  const tell = (work: Promise<void>, doing: string): void => {
    work.catch((error: unknown) => stores.notices.getState().tellError(error, doing));
  };
  const build = async (): Promise<void> => {
    await stores.project.getState().saveAll();
    const { backend, compression, timestamps } = stores.settings.getState().settings;
    await start({ file, backend, compression, timestamps, noCache: false });
  };
  if (run?.status === 'running') {
    return (
      <Button
        size="small"
        icon={<Square aria-hidden="true" />}
        onClick={() => tell(cancel(run.pipelineId), 'The pipeline could not be stopped')}
      >
        Stop all
      </Button>
    );
  }
  return (
    <Button
      size="small"
      variant="primary"
      icon={<Hammer aria-hidden="true" />}
      disabled={!canBuild}
      onClick={() => tell(build(), 'Build all images')}
    >
      Build all images
    </Button>
  );
}

interface ImageRowProps {
  readonly image: PipelineImageView;
  readonly state: PipelineImageState | undefined;
  readonly onReveal: () => void;
}

function ImageRow({ image, state, onReveal }: ImageRowProps) {
  const { navigate } = useApp();
  const buildId = state !== undefined && 'buildId' in state ? state.buildId : undefined;
  return (
    <li className="pipeline__image">
      <button type="button" className="pipeline__name" onClick={onReveal}>
        {visible(image.image)}
      </button>
      <StateBadge state={state} />
      <span className="pipeline__facts muted">
        <span className="truncate">{visible(image.file)}</span>
        {image.dependsOn.length > 0 && (
          <span className="truncate">
            needs {image.dependsOn.map(one => visible(one)).join(', ')}
          </span>
        )}
        <span className="truncate">{image.tags.map(one => visible(one)).join(', ')}</span>
        {state?.kind === 'failed' && (
          <span className="pipeline__failure">{visible(explain(state.failure).message)}</span>
        )}
      </span>
      {buildId !== undefined && (
        <Button
          size="small"
          aria-label={`Show the build of ${visible(image.image)}`}
          onClick={() => navigate.showBuild(buildId)}
        >
          Show the build
        </Button>
      )}
    </li>
  );
}

const states: {
  readonly [K in PipelineImageState['kind']]: readonly [
    words: string,
    tone: Tone,
    icon: typeof Square,
  ];
} = {
  waiting: ['Waiting', 'neutral', CircleDashed],
  running: ['Building', 'accent', LoaderCircle],
  built: ['Built', 'ok', CircleCheck],
  failed: ['Failed', 'bad', CircleX],
  stopped: ['Not built', 'neutral', CircleDashed],
};

function StateBadge({ state }: { readonly state: PipelineImageState | undefined }) {
  if (state === undefined) return null;
  const [words, tone, Icon] = states[state.kind];
  const more =
    state.kind === 'built'
      ? ` in ${formatDuration(state.durationMs)}`
      : state.kind === 'stopped' && state.because !== undefined
        ? `: ${visible(state.because)} failed`
        : '';
  return (
    <Badge tone={tone} icon={<Icon aria-hidden="true" />}>
      {words}
      {more}
    </Badge>
  );
}
