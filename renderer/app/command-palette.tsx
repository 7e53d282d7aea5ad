import { useId, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { Dialog } from '../components/dialog.tsx';
import { formatPlural } from '../components/format.ts';
import { fuzzyFilter, type FuzzyMatch } from '../components/fuzzy.ts';
import { Kbd } from '../components/kbd.tsx';
import { rovingTarget } from '../components/roving.ts';
import { SearchField } from '../components/text-field.tsx';
import { LiveRegion } from '../components/visually-hidden.tsx';
import { isEnabled, type Command } from '../stores/commands.ts';
import { useApp } from './context.tsx';
import './command-palette.css';

/** All actions that can be run now, by typing a part of their name (WAI-ARIA "Combobox" with a listbox). */
export function CommandPalette({ onClose }: { readonly onClose: () => void }) {
  const { stores } = useApp();
  const byName = useStore(stores.commands, commands => commands.byName);
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const id = useId();
  const found = useMemo(() => {
    const enabled = [...byName.values()].filter(isEnabled);
    return fuzzyFilter(query, enabled, ({ group, title }) => `${group}: ${title}`);
  }, [byName, query]);
  const run = (command: Command | undefined) => {
    if (command === undefined) return;
    onClose();
    // After the dialog gave the focus back, so that the command may move it.
    setTimeout(() => stores.commands.getState().run(command.command));
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === 'Enter') {
      // The focus goes back at once: without this the same press would write a line into the editor.
      event.preventDefault();
      return run(found[at]?.item);
    }
    // Home and End belong to the text.
    if (!event.key.startsWith('Arrow')) return;
    const target = rovingTarget(event.key, at, found.length, 'vertical');
    if (target === undefined) return;
    event.preventDefault();
    setAt(target);
    list.current?.children[target]?.scrollIntoView({ block: 'nearest' });
  };
  return (
    <Dialog title="Command palette" hideTitle width="medium" className="palette" onClose={onClose}>
      <SearchField
        label="Search commands"
        placeholder="Type a command"
        className="palette__search"
        value={query}
        onValueChange={value => {
          setQuery(value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
        combobox={{ listId: id, activeId: found.length > 0 ? `${id}-${at}` : undefined }}
      />
      <ul ref={list} id={id} role="listbox" aria-label="Commands" className="palette__list">
        {found.map(({ item, match }, index) => (
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the search field takes the keys
          <li
            key={item.command}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === at}
            className="palette__option"
            onPointerMove={() => setAt(index)}
            onClick={() => run(item)}
          >
            <CommandRow command={item} match={match} />
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className="palette__none">No command fits “{query}”.</p>}
      <LiveRegion text={query === '' ? '' : formatPlural(found.length, 'command')} />
    </Dialog>
  );
}

function CommandRow({ command, match }: { readonly command: Command; readonly match: FuzzyMatch }) {
  const { isMac } = useApp();
  const { group, title, keys } = command;
  const marked = new Set(match.positions);
  const offset = group.length + 2;
  return (
    <>
      <span className="palette__group">{group}</span>
      <span className="palette__title truncate">
        {title
          .split('')
          .map((letter, index) =>
            marked.has(index + offset) ? <mark key={index}>{letter}</mark> : letter,
          )}
      </span>
      {keys?.[0] !== undefined && <Kbd keys={keys[0]} isMac={isMac} />}
    </>
  );
}
