import { FileDown, Hammer, Layers, Sparkles } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { ImageDetail, ImageSummary } from '../../../shared/ipc/image-views.ts';
import { useApp, useCommands, type SurfaceProps } from '../../app/context.tsx';
import { useAnswers } from '../../app/context/use-answers.ts';
import { usePaneSizes } from '../../app/context/use-pane-sizes.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { FailureView } from '../../components/failure-view.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { SplitPane } from '../../components/split-pane.tsx';
import type { Loadable } from '../../stores/loadable.ts';
import { shortReference } from './chain-words.ts';
import { ChainView } from './chain-view.tsx';
import { LayerPanel } from './layer-panel.tsx';
import { ImageSlots } from './image-slots.tsx';
import { comparedBefore, findLayer, imagesToShow, layersOf, topLayer } from './selection.ts';
import { layerTabs, useChainState, type ChainState, type LayerTab } from './use-chain-state.ts';
import './layer-chain.css';

/** The layers of images from base to top, and what is in them. */
export function Surface(_props: SurfaceProps) {
  const { stores } = useApp();
  const { images, refresh } = useStore(stores.images);
  const state = useChainState();
  switch (images.kind) {
    case 'loading':
      return <Skeleton label="Loading the images" />;
    case 'failed':
      return (
        <FailureView
          title="The images could not be listed"
          failure={images.failure}
          onRetry={() => void refresh()}
        />
      );
    case 'ready':
      return images.value.length === 0 ? (
        <NoImages />
      ) : (
        <Chains images={images.value} state={state} />
      );
  }
}

function NoImages() {
  const { stores } = useApp();
  const run = (command: string) => () => void stores.commands.getState().run(command);
  return (
    <EmptyState
      icon={<Layers aria-hidden="true" />}
      title="No image to look into"
      actions={
        <>
          <Button
            variant="primary"
            icon={<Sparkles aria-hidden="true" />}
            onClick={run('images.makeSamples')}
          >
            Make the sample base images
          </Button>
          <Button icon={<Hammer aria-hidden="true" />} onClick={run('build.start')}>
            Build the open project
          </Button>
          <Button icon={<FileDown aria-hidden="true" />} onClick={run('images.load')}>
            Load from a file…
          </Button>
        </>
      }
    >
      <p>
        Here an image is shown layer by layer, from the base up, with the files each one changed.
      </p>
    </EmptyState>
  );
}

interface ChainsProps {
  readonly images: readonly ImageSummary[];
  readonly state: ChainState;
}

function Chains({ images, state }: ChainsProps) {
  const references = imagesToShow(images, state.chosen);
  const { answers, retry } = useAnswers(
    'image.detail',
    references.map(reference => ({ reference })),
    images,
  );
  const failed = answers.findIndex(answer => answer.kind === 'failed');
  const failure = answers[failed]?.kind === 'failed' ? answers[failed].failure : undefined;
  const details = useLastWhole(answers);
  useViewCommands(state);
  return (
    <div className="chain-surface">
      <ImageSlots images={images} references={references} state={state} />
      {failure !== undefined ? (
        <FailureView
          title={`The layers of ${shortReference(references[failed] ?? '')} could not be read`}
          failure={failure}
          onRetry={retry}
        />
      ) : details === undefined ? (
        <Skeleton label="Loading the layers" />
      ) : (
        <Loaded details={details} state={state} />
      )}
    </div>
  );
}

/** The answers once all are there, and until all of the next are: what is open in the panels must not go meanwhile. */
function useLastWhole<T>(answers: readonly Loadable<T>[]): readonly T[] | undefined {
  const [whole, setWhole] = useState<readonly T[]>();
  const ready = answers.flatMap(answer => (answer.kind === 'ready' ? [answer.value] : []));
  const isOther =
    ready.length !== whole?.length || ready.some((value, index) => value !== whole[index]);
  if (ready.length === answers.length && isOther) setWhole(ready);
  return whole;
}

function Loaded(props: { readonly details: readonly ImageDetail[]; readonly state: ChainState }) {
  const { details, state } = props;
  const layers = useMemo(() => layersOf(details), [details]);
  const selected =
    findLayer(layers, state.selected) ??
    topLayer(layers, state.selected?.reference) ??
    layers.at(-1);
  const compared =
    findLayer(layers, state.compared) ?? (selected && comparedBefore(layers, selected));
  // More chains need more room; each number of them remembers its own sizes.
  const sized = `layer-chain-${details.length}`;
  const { sizes: remembered, onSizes } = usePaneSizes(sized);
  const chainPercent = Math.min(8 + details.length * 14, 50);
  const sizes = useMemo(
    () => remembered ?? { chain: chainPercent, layer: 100 - chainPercent },
    [remembered, chainPercent],
  );
  return (
    <SplitPane
      orientation="vertical"
      className="chain"
      sizes={sizes}
      onSizes={onSizes}
      panes={[
        {
          pane: 'chain',
          label: 'chain',
          size: chainPercent,
          min: 120,
          content: (
            <ChainView details={details} state={state} selected={selected} compared={compared} />
          ),
        },
        {
          pane: 'layer',
          label: 'layer',
          size: 100 - chainPercent,
          min: 260,
          content: (
            <LayerPanel
              details={details}
              layers={layers}
              selected={selected}
              compared={compared}
              state={state}
            />
          ),
        },
      ]}
    />
  );
}

const tabTitles: { readonly [T in LayerTab]: string } = {
  files: 'Files of the layer',
  treemap: 'Treemap of the layer',
  search: 'Search all layers of the image',
  compare: 'Compare two layers',
  registry: 'Registry of the layer',
  environment: 'Environment of the image',
  metadata: 'Instructions, config and manifest of the image',
  waste: 'Waste in the image',
  programs: 'Programs of the image',
};

function useViewCommands(state: ChainState): void {
  const { stores } = useApp();
  useCommands(() => {
    const group = 'Layer chain';
    const when = () => stores.ui.getState().surface === 'layers';
    return [
      {
        command: 'layers.toggleForm',
        title:
          state.form === 'picture' ? 'Show the layers as a table' : 'Show the layers as a picture',
        group,
        when,
        run: () => state.setForm(state.form === 'picture' ? 'table' : 'picture'),
      },
      ...layerTabs.map(tab => ({
        command: `layers.${tab}`,
        title: tabTitles[tab],
        group,
        when,
        run: () => state.setTab(tab),
      })),
    ];
  }, [stores, state.form]);
}
