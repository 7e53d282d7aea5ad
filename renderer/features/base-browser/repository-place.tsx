import { ArrowLeft } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { visible } from '../../components/visible.ts';
import { FavouriteButton } from './favourite-button.tsx';
import { repositoryName, type Place } from './place.ts';
import { RepositoryTags } from './repository-tags.tsx';

interface RepositoryPlaceProps {
  readonly place: Extract<Place, { kind: 'repository' }>;
  readonly onOpen: (place: Place) => void;
}

/** One repository of a registry with its tags. */
export function RepositoryPlace({ place, onOpen }: RepositoryPlaceProps) {
  const { registry } = place;
  const name = repositoryName(place);
  return (
    <article className="family" aria-label={visible(name)}>
      <header className="family__head">
        <div className="family__title">
          <h2 className="mono truncate">{visible(name)}</h2>
          <FavouriteButton repository={name} />
          <Button
            size="small"
            variant="quiet"
            icon={<ArrowLeft aria-hidden="true" />}
            onClick={() => onOpen({ kind: 'registry', registry })}
          >
            All of {visible(registry)}
          </Button>
        </div>
      </header>
      <RepositoryTags registry={registry} repository={name} />
    </article>
  );
}
