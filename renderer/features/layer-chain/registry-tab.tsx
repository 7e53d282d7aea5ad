import { useState } from 'react';
import type { Inspected } from './inspected.ts';
import { RegistryChanges } from './registry-changes.tsx';
import { RegistryKeys } from './registry-keys.tsx';
import { RegistrySearch } from './registry-search.tsx';
import { Segments } from './segments.tsx';
import { SearchField } from '../../components/text-field.tsx';

const forms = [
  { value: 'changes', label: 'Changes of this layer' },
  { value: 'keys', label: 'All keys up to this layer' },
  { value: 'search', label: 'Search' },
] as const;

/** What the layer changed in the registry, and the keys as they are up to it. */
export function RegistryTab({ selected, layers, state }: Inspected) {
  const [form, setForm] = useState<(typeof forms)[number]['value']>('changes');
  const [text, setText] = useState('');
  const [wanted, setWanted] = useState<{ readonly path: string }>();
  const inspected = { selected, layers, state };
  const showKey = (path: string) => {
    setWanted({ path });
    setForm('keys');
  };
  return (
    <div className="registry-tab">
      <div className="panel-bar">
        <Segments
          label="Show of the registry"
          value={form}
          options={forms}
          onValueChange={setForm}
        />
        {form === 'changes' && (
          <SearchField
            label="Search in names, paths and values"
            className="panel-bar__search"
            value={text}
            onValueChange={setText}
          />
        )}
      </div>
      {form === 'changes' && <RegistryChanges {...inspected} text={text} onKey={showKey} />}
      {form === 'keys' && <RegistryKeys {...inspected} wanted={wanted} />}
      {form === 'search' && <RegistrySearch {...inspected} onKey={showKey} />}
    </div>
  );
}
