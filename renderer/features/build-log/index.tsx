import { Hammer } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { BuildRequestInput } from '../../../shared/ipc/build-request.ts';
import type { BuildSummary } from '../../../shared/ipc/build-views.ts';
import { useApp, type SurfaceProps } from '../../app/context.tsx';
import { narrowWindow, useMedia } from '../../app/context/use-media.ts';
import { usePaneSizes } from '../../app/context/use-pane-sizes.ts';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { SplitPane } from '../../components/split-pane.tsx';
import { visible } from '../../components/visible.ts';
import { valueOr } from '../../stores/loadable.ts';
import { BuildList } from './build-list.tsx';
import { BuildPane } from './build-pane.tsx';
import { buildTitle } from './build-words.ts';
import './build-log.css';
import './history.css';
import './log.css';

/** Builds, running and past, with their steps and logs. */
export function Surface({ active }: SurfaceProps) {
  const { stores } = useApp();
  const { list, search, filter, currentId, views } = useStore(stores.builds);
  const remembered = usePaneSizes('builds');
  const isNarrow = useMedia(narrowWindow);
  /** In a narrow window: the list is in view, and not a build. */
  const [listing, setListing] = useState(false);
  const { wantedStep, rerun, rerunFrom, remove } = useActions(active, () => setListing(false));
  const [doomed, setDoomed] = useState<BuildSummary>();
  const builds = valueOr(list, []);
  const buildId = currentId ?? builds[0]?.buildId;
  const isFiltered = search !== '' || Object.keys(filter).length > 0;
  if (list.kind === 'ready' && builds.length === 0 && !isFiltered && views.size === 0) {
    return <NoBuilds />;
  }
  const buildList = (
    <BuildList
      selectedId={buildId}
      onSelect={id => {
        stores.builds.getState().setCurrent(id);
        setListing(false);
      }}
      onRerun={rerun}
      onDelete={setDoomed}
    />
  );
  const build = buildId !== undefined && (
    <BuildPane
      key={buildId}
      buildId={buildId}
      active={active}
      wanted={wantedStep}
      onRerun={() => rerun(buildId)}
      onRerunFrom={step => rerunFrom(buildId, step.range.start.line + 1)}
      onDelete={setDoomed}
      onBack={isNarrow ? () => setListing(true) : undefined}
    />
  );
  return (
    <>
      {isNarrow ? (
        <>
          <div className="builds__only" hidden={!listing}>
            {buildList}
          </div>
          <div className="builds__only" hidden={listing}>
            {build}
          </div>
        </>
      ) : (
        <SplitPane
          className="builds"
          {...remembered}
          panes={[
            { pane: 'list', label: 'builds', size: 20, min: 140, content: buildList },
            { pane: 'build', label: 'the build', size: 80, min: 360, content: build },
          ]}
        />
      )}
      {doomed && (
        <ConfirmDialog
          title="Delete this build?"
          confirmLabel="Delete"
          danger
          onClose={() => setDoomed(undefined)}
          onConfirm={() => {
            setDoomed(undefined);
            remove(doomed.buildId);
          }}
        >
          <p>
            The record and the log of the build of <strong>{visible(buildTitle(doomed))}</strong>{' '}
            are deleted. The image that it made stays.
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}

/** Goes where the other surfaces ask for, and acts on builds. */
function useActions(active: boolean, onShow: () => void) {
  const { api, stores, navigate } = useApp();
  const target = useStore(stores.ui, ui => ui.targets.builds);
  const [wantedStep, setWantedStep] = useState<{
    readonly buildId: string;
    readonly stepId: string;
  }>();
  useEffect(() => {
    if (!active || target === undefined) return;
    const { buildId, stepId } = stores.ui.getState().take('builds') ?? target;
    stores.builds.getState().setCurrent(buildId);
    // The target is taken out of the store, once.
    onShow();
    // oxlint-disable-next-line react/set-state-in-effect -- the target is taken out of the store, once
    if (stepId !== undefined) setWantedStep({ buildId, stepId });
    // oxlint-disable-next-line react/exhaustive-deps -- `onShow` only sets state
  }, [active, target, stores]);

  const tried = (work: Promise<void>, doing: string): void => {
    work.catch((error: unknown) => stores.notices.getState().tellError(error, doing));
  };
  const runAgain = (buildId: string, changes: Partial<BuildRequestInput>): void =>
    tried(
      (async () => {
        const { request } = await api.request('build.get', { buildId });
        navigate.showBuild(await stores.builds.getState().start({ ...request, ...changes }));
      })(),
      'The build could not be run again',
    );
  return {
    wantedStep,
    rerun: (buildId: string) => runAgain(buildId, {}),
    rerunFrom: (buildId: string, line: number) =>
      runAgain(buildId, { noCache: false, rerunFrom: line }),
    remove: (buildId: string) =>
      tried(
        (async () => {
          await api.request('build.delete', { buildId });
          const { currentId, list, setCurrent } = stores.builds.getState();
          const next = valueOr(list, []).find(build => build.buildId !== buildId);
          if (currentId === buildId && next !== undefined) setCurrent(next.buildId);
        })(),
        'The build could not be deleted',
      ),
  };
}

function NoBuilds() {
  const { stores } = useApp();
  return (
    <EmptyState
      icon={<Hammer aria-hidden="true" />}
      title="No build yet"
      actions={
        <Button variant="primary" onClick={() => stores.commands.getState().run('build.start')}>
          Build image
        </Button>
      }
    >
      <p>Build the open project to see its steps and its log here.</p>
    </EmptyState>
  );
}
