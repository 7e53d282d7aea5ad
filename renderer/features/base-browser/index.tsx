import { useState } from 'react';
import { useStore } from 'zustand';
import type { BaseFamily } from '../../../shared/ipc/app-views.ts';
import { useApp } from '../../app/context.tsx';
import { useAnswer } from '../../app/context/use-answers.ts';
import { usePaneSizes } from '../../app/context/use-pane-sizes.ts';
import { FailureView } from '../../components/failure-view.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { SplitPane } from '../../components/split-pane.tsx';
import { FamilyList } from './family-list.tsx';
import { FamilyView } from './family-view.tsx';
import './base-browser.css';

/** The base images one can build on, by family. */
export function Surface() {
  const { stores } = useApp();
  const images = useStore(stores.images, state => state.images);
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
      return <Families families={answer.value} />;
  }
}

function Families({ families }: { readonly families: readonly BaseFamily[] }) {
  const [chosen, setChosen] = useState<string>();
  const remembered = usePaneSizes('bases');
  const family = families.find(({ family }) => family === chosen) ?? families[0];
  if (family === undefined) return null;
  return (
    <SplitPane
      className="bases"
      {...remembered}
      panes={[
        {
          pane: 'families',
          label: 'families',
          size: 22,
          min: 180,
          content: <FamilyList families={families} selected={family.family} onSelect={setChosen} />,
        },
        {
          pane: 'tags',
          label: 'tags',
          size: 78,
          min: 340,
          content: <FamilyView key={family.family} family={family} />,
        },
      ]}
    />
  );
}
