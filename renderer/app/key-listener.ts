import { matchesKeys, type KeyPress } from '../components/keys.ts';
import { isEnabled, type Command } from '../stores/commands.ts';
import type { Stores } from '../stores/stores.ts';

/** Where the focus is, as far as it decides which keys are free. */
export type KeyPlace = 'editor' | 'text' | 'elsewhere';

/** The command that a key press means there, if any. */
export function commandFor(
  press: KeyPress,
  place: KeyPlace,
  commands: Iterable<Command>,
  isMac: boolean,
): Command | undefined {
  const plain = !press.ctrlKey && !press.metaKey && !press.altKey && !/^F\d/.test(press.key);
  if (plain && place !== 'elsewhere') return undefined;
  for (const command of commands) {
    if (place === 'editor' && command.overEditor !== true) continue;
    const meant = command.keys?.some(keys => matchesKeys(press, keys, isMac)) ?? false;
    if (meant && isEnabled(command)) return command;
  }
  return undefined;
}

/** Runs commands by their keys, before anything in the page sees the press. Gives a function that ends it. */
export function listenForKeys({ commands, ui }: Stores, isMac: boolean): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing || ui.getState().overlay !== undefined || hasOpenDialog()) return;
    const { byName, run } = commands.getState();
    const command = commandFor(event, placeOf(event.target), byName.values(), isMac);
    if (command === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    run(command.command);
  };
  window.addEventListener('keydown', onKeyDown, { capture: true });
  return () => window.removeEventListener('keydown', onKeyDown, { capture: true });
}

function hasOpenDialog(): boolean {
  return document.querySelector('dialog[open], [role=menu]:popover-open') !== null;
}

function placeOf(target: EventTarget | null): KeyPlace {
  if (!(target instanceof Element)) return 'elsewhere';
  if (target.closest('.monaco-editor') !== null) return 'editor';
  return target.matches('input, textarea, select, [contenteditable=true]') ? 'text' : 'elsewhere';
}
