import { Star } from 'lucide-react';
import { useStore } from 'zustand';
import { useApp } from '../../app/context.tsx';
import { IconButton } from '../../components/button.tsx';
import { visible } from '../../components/visible.ts';

/** Puts a repository (with its registry) among the favourites, or takes it out. */
export function FavouriteButton({ repository }: { readonly repository: string }) {
  const { api, stores } = useApp();
  const registries = useStore(stores.registries, state => state.registries);
  const isOne = registries.kind === 'ready' && registries.value.favourites.includes(repository);
  return (
    <IconButton
      size="small"
      label={`Favourite ${visible(repository)}`}
      aria-pressed={isOne}
      className="favourite"
      icon={<Star aria-hidden="true" fill={isOne ? 'currentColor' : 'none'} />}
      onClick={() => {
        api
          .request('registry.setFavourite', { repository, favourite: !isOne })
          .catch((error: unknown) => stores.notices.getState().tellError(error, 'Favourite'));
      }}
    />
  );
}
