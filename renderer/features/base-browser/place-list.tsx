import { Plus, Server, Star } from 'lucide-react';
import { useRef, type ReactNode } from 'react';
import type { BaseFamily } from '../../../shared/ipc/app-views.ts';
import type { RegistriesView } from '../../../shared/ipc/registry-views.ts';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { classNames } from '../../components/class-names.ts';
import { moveFocus } from '../../components/roving.ts';
import { visible } from '../../components/visible.ts';
import { placeKey, repositoryPlace, type Place } from './place.ts';

interface PlaceListProps {
  readonly families: readonly BaseFamily[];
  readonly registries: RegistriesView | undefined;
  readonly selected: Place;
  readonly onSelect: (place: Place) => void;
  readonly onAdd: () => void;
}

/** Favourites, families and registries: one stop for Tab, arrows choose. */
export function PlaceList(props: PlaceListProps) {
  const { families, registries, selected, onSelect, onAdd } = props;
  const list = useRef<HTMLDivElement>(null);
  const chosen = { selected: placeKey(selected), onSelect };
  const favourites = registries?.favourites ?? [];
  return (
    <div className="places">
      <div
        ref={list}
        role="listbox"
        aria-label="Where to look for base images"
        className="families"
        tabIndex={-1}
        onKeyDown={event => moveFocus(event, '[role=option]', 'vertical')?.click()}
      >
        {favourites.length > 0 && (
          <Group title="Favourites">
            {favourites.map(name => (
              <PlaceOption key={name} place={repositoryPlace(name)} {...chosen}>
                <span className="families__title truncate">{visible(lastPart(name))}</span>
                <Star className="families__icon" aria-hidden="true" />
                <span className="families__repository mono truncate">{visible(name)}</span>
              </PlaceOption>
            ))}
          </Group>
        )}
        <Families
          families={families.filter(family => family.available)}
          title="In the store"
          {...chosen}
        />
        <Group title="Registries">
          {(registries?.registries ?? []).map(({ registry, user }) => (
            <PlaceOption key={registry} place={{ kind: 'registry', registry }} {...chosen}>
              <span className="families__title truncate">{visible(registry)}</span>
              <Server className="families__icon" aria-hidden="true" />
              <span className="families__repository truncate">
                {user === undefined
                  ? 'not signed in'
                  : `signed in as ${visible(user || 'a token')}`}
              </span>
            </PlaceOption>
          ))}
        </Group>
        <Families
          families={families.filter(family => !family.available)}
          title="Catalogue"
          {...chosen}
        />
      </div>
      <div className="places__foot">
        <Button size="small" icon={<Plus aria-hidden="true" />} onClick={onAdd}>
          Add registry…
        </Button>
      </div>
    </div>
  );
}

interface FamiliesProps extends Omit<PlaceOptionProps, 'place' | 'children'> {
  readonly title: string;
  readonly families: readonly BaseFamily[];
}

function Families({ title, families, ...chosen }: FamiliesProps) {
  if (families.length === 0) return null;
  return (
    <Group title={title}>
      {families.map(family => (
        <PlaceOption
          key={family.family}
          place={{ kind: 'family', family: family.family }}
          {...chosen}
        >
          <FamilyWords family={family} />
        </PlaceOption>
      ))}
    </Group>
  );
}

function Group({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div role="group" aria-label={title}>
      <h3 className="families__group" aria-hidden="true">
        {title}
      </h3>
      {children}
    </div>
  );
}

interface PlaceOptionProps {
  readonly place: Place;
  /** Key of the place that is looked at. */
  readonly selected: string;
  readonly onSelect: (place: Place) => void;
  readonly children: ReactNode;
}

function PlaceOption({ place, selected, onSelect, children }: PlaceOptionProps) {
  const isSelected = placeKey(place) === selected;
  return (
    <button
      type="button"
      role="option"
      aria-selected={isSelected}
      tabIndex={isSelected ? 0 : -1}
      className={classNames('families__item', isSelected && 'families__item--selected')}
      onClick={() => onSelect(place)}
    >
      {children}
    </button>
  );
}

function FamilyWords({ family }: { readonly family: BaseFamily }) {
  return (
    <>
      <span className="families__title truncate">{family.title.replace(' (sample)', '')}</span>
      {family.sample ? (
        <Badge tone="note">sample</Badge>
      ) : (
        <span className="families__publisher">{family.publisher}</span>
      )}
      <span className="families__repository mono truncate">{family.repository}</span>
    </>
  );
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
