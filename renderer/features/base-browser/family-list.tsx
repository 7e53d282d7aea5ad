import { useRef } from 'react';
import type { BaseFamily } from '../../../shared/ipc/app-views.ts';
import { Badge } from '../../components/badge.tsx';
import { classNames } from '../../components/class-names.ts';
import { moveFocus } from '../../components/roving.ts';
import { groupFamilies } from './base-rows.ts';

interface FamilyListProps {
  readonly families: readonly BaseFamily[];
  readonly selected: string;
  readonly onSelect: (family: string) => void;
}

/** The families: one stop for Tab, arrows choose. */
export function FamilyList({ families, selected, onSelect }: FamilyListProps) {
  const list = useRef<HTMLDivElement>(null);
  return (
    <div
      ref={list}
      role="listbox"
      aria-label="Families of base images"
      className="families"
      tabIndex={-1}
      onKeyDown={event => moveFocus(event, '[role=option]', 'vertical')?.click()}
    >
      {groupFamilies(families).map(group => (
        <div key={group.title} role="group" aria-label={group.title}>
          <h3 className="families__group" aria-hidden="true">
            {group.title}
          </h3>
          {group.families.map(family => (
            <button
              key={family.family}
              type="button"
              role="option"
              aria-selected={family.family === selected}
              tabIndex={family.family === selected ? 0 : -1}
              className={classNames(
                'families__item',
                family.family === selected && 'families__item--selected',
              )}
              onClick={() => onSelect(family.family)}
            >
              <span className="families__title">{family.title.replace(' (sample)', '')}</span>
              {family.sample ? (
                <Badge tone="note">sample</Badge>
              ) : (
                <span className="families__publisher">{family.publisher}</span>
              )}
              <span className="families__repository mono truncate">{family.repository}</span>
            </button>
          ))}
        </div>
      ))}
    </div>
  );
}
