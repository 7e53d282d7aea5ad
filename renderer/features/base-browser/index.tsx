import { useState } from 'react';
import { useStore } from 'zustand';
import type { BaseFamily } from '../../../shared/ipc/app-views.ts';
import type { RegistriesView } from '../../../shared/ipc/registry-views.ts';
import { useApp, useCommands } from '../../app/context.tsx';
import { useAnswer } from '../../app/context/use-answers.ts';
import { usePaneSizes } from '../../app/context/use-pane-sizes.ts';
import { FailureView } from '../../components/failure-view.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { SplitPane } from '../../components/split-pane.tsx';
import { valueOr } from '../../stores/loadable.ts';
import { AddRegistryDialog } from './add-registry-dialog.tsx';
import { FamilyView } from './family-view.tsx';
import { PlaceList } from './place-list.tsx';
import { placeKey, type Place } from './place.ts';
import { RegistryPlace } from './registry-place.tsx';
import { RepositoryPlace } from './repository-place.tsx';
import './base-browser.css';

/** The base images one can build on: by family, and in any registry. */
export function Surface() {
  const { stores } = useApp();
  const images = useStore(stores.images, state => state.images);
  const registries = useStore(stores.registries, state => state.registries);
  const { answer, retry } = useAnswer('base.families', {}, images);
  switch (answer.kind) {
    case 'loading':
      return <Skeleton label="Loading the families of base images" />;
    case 'failed':
      return (
        <FailureView
          title="The base images could not be listed"
          failure={answer.failure}
          onRetry={retry}
        />
      );
    case 'ready':
      return <Places families={answer.value} registries={valueOr(registries, undefined)} />;
  }
}

interface PlacesProps {
  readonly families: readonly BaseFamily[];
  readonly registries: RegistriesView | undefined;
}

function Places({ families, registries }: PlacesProps) {
  const sizes = usePaneSizes('bases');
  const [chosen, setChosen] = useState<Place>();
  const [adding, setAdding] = useState(false);
  const { navigate } = useApp();
  useCommands(
    () => [
      {
        command: 'bases.addRegistry',
        title: 'Add a registry…',
        group: 'Bases',
        run() {
          navigate.show('bases');
          setAdding(true);
        },
      },
    ],
    [navigate],
  );
  const first = families[0];
  const fallback: Place =
    first === undefined
      ? { kind: 'registry', registry: 'mcr.microsoft.com' }
      : { kind: 'family', family: first.family };
  const place = exists(chosen, { families, registries }) ? chosen : fallback;
  return (
    <>
      <SplitPane
        {...sizes}
        className="bases"
        panes={[
          {
            pane: 'families',
            label: 'families and registries',
            size: 22,
            min: 180,
            content: (
              <PlaceList
                families={families}
                registries={registries}
                selected={place}
                onSelect={setChosen}
                onAdd={() => setAdding(true)}
              />
            ),
          },
          {
            pane: 'tags',
            label: 'tags',
            size: 78,
            min: 340,
            content: (
              <PlaceView
                key={placeKey(place)}
                place={place}
                families={families}
                registries={registries}
                onOpen={setChosen}
              />
            ),
          },
        ]}
      />
      {adding && (
        <AddRegistryDialog
          onClose={() => setAdding(false)}
          onAdded={registry => setChosen({ kind: 'registry', registry })}
        />
      )}
    </>
  );
}

/** A registry that was removed is looked at no longer. */
function exists(place: Place | undefined, { families, registries }: PlacesProps): place is Place {
  if (place === undefined) return false;
  if (place.kind === 'family') return families.some(({ family }) => family === place.family);
  if (place.kind === 'repository') return true;
  return registries?.registries.some(({ registry }) => registry === place.registry) ?? true;
}

interface PlaceViewProps extends PlacesProps {
  readonly place: Place;
  readonly onOpen: (place: Place) => void;
}

function PlaceView({ place, families, registries, onOpen }: PlaceViewProps) {
  switch (place.kind) {
    case 'family': {
      const family = families.find(each => each.family === place.family);
      return family === undefined ? null : <FamilyView family={family} />;
    }
    case 'registry':
      return <RegistryPlace registry={place.registry} registries={registries} onOpen={onOpen} />;
    case 'repository':
      return <RepositoryPlace place={place} onOpen={onOpen} />;
  }
}
