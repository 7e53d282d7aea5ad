import { Check, Sparkles, X } from 'lucide-react';
import type { BaseFamily } from '../../../shared/ipc/app-views.ts';
import { useApp } from '../../app/context.tsx';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { FavouriteButton } from './favourite-button.tsx';
import { repositoryPlace } from './place.ts';
import { RepositoryTags, StoredTags } from './repository-tags.tsx';

/** One family: what it is for, and its tags: of the registry and of the store. */
export function FamilyView({ family }: { readonly family: BaseFamily }) {
  return (
    <article className="family" aria-label={family.title}>
      <header className="family__head">
        <div className="family__title">
          <h2>{family.title}</h2>
          {!family.sample && <FavouriteButton repository={family.repository} />}
        </div>
        <p className="family__purpose">{family.purpose}</p>
        <div className="family__fits">
          <FitList title="Good for" icon={<Check aria-hidden="true" />} items={family.goodFor} />
          <FitList title="Not for" icon={<X aria-hidden="true" />} items={family.notFor} />
        </div>
      </header>
      {family.sample ? (
        <SampleTags family={family} />
      ) : (
        <RepositoryTags
          registry={repositoryPlace(family.repository).registry}
          repository={family.repository}
        />
      )}
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

/** The samples are in no registry: they are made. */
function SampleTags({ family }: { readonly family: BaseFamily }) {
  const { stores } = useApp();
  if (family.available) return <StoredTags repository={family.repository} />;
  return (
    <EmptyState
      title="No tags at hand"
      actions={
        <Button
          variant="primary"
          icon={<Sparkles aria-hidden="true" />}
          onClick={() => void stores.commands.getState().run('images.makeSamples')}
        >
          Make the sample base images
        </Button>
      }
    >
      <p>{family.unavailableReason}</p>
    </EmptyState>
  );
}
