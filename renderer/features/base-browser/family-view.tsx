import { Check, FileDown, Sparkles, X } from 'lucide-react';
import { useStore } from 'zustand';
import type { BaseFamily } from '../../../shared/ipc/app-views.ts';
import { useApp } from '../../app/context.tsx';
import { useAnswer } from '../../app/context/use-answers.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { FailureView } from '../../components/failure-view.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { TagList } from './tag-list.tsx';

/** One family: what it is for, and its tags. */
export function FamilyView({ family }: { readonly family: BaseFamily }) {
  return (
    <article className="family" aria-label={family.title}>
      <header className="family__head">
        <h2>{family.title}</h2>
        <p className="family__purpose">{family.purpose}</p>
        <div className="family__fits">
          <FitList title="Good for" icon={<Check aria-hidden="true" />} items={family.goodFor} />
          <FitList title="Not for" icon={<X aria-hidden="true" />} items={family.notFor} />
        </div>
      </header>
      {family.available ? <Tags family={family} /> : <Unavailable family={family} />}
    </article>
  );
}

interface FitListProps {
  readonly title: string;
  readonly icon: React.ReactNode;
  readonly items: readonly string[];
}

function FitList({ title, icon, items }: FitListProps) {
  return (
    <section className="family__fit">
      <h3>{title}</h3>
      <ul>
        {items.map(item => (
          <li key={item}>
            {icon}
            {item}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Tags({ family }: { readonly family: BaseFamily }) {
  const { stores } = useApp();
  const images = useStore(stores.images, state => state.images);
  const { answer, retry } = useAnswer('base.tags', { family: family.family }, images);
  switch (answer.kind) {
    case 'loading':
      return <Skeleton label={`Loading the tags of ${family.title}`} />;
    case 'failed':
      return (
        <FailureView
          title="The tags could not be listed"
          failure={answer.failure}
          onRetry={retry}
        />
      );
    case 'ready':
      return <TagList tags={answer.value} />;
  }
}

function Unavailable({ family }: { readonly family: BaseFamily }) {
  const { stores } = useApp();
  const command = family.sample ? 'images.makeSamples' : 'images.load';
  return (
    <EmptyState
      title="No tags at hand"
      actions={
        <Button
          variant={family.sample ? 'primary' : 'secondary'}
          icon={family.sample ? <Sparkles aria-hidden="true" /> : <FileDown aria-hidden="true" />}
          onClick={() => void stores.commands.getState().run(command)}
        >
          {family.sample ? 'Make the sample base images' : 'Load an image from a file…'}
        </Button>
      }
    >
      <p>{family.unavailableReason}</p>
    </EmptyState>
  );
}
