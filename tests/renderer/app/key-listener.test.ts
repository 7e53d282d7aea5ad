import { expect, test } from 'vitest';
import { commandFor, type KeyPlace } from '../../../renderer/app/key-listener.ts';

const run = () => undefined;
const commands = [
  { command: 'build', title: 'Build', group: 'B', keys: ['Mod+B'], overEditor: true, run },
  { command: 'never', title: 'Never', group: 'B', keys: ['F5'], when: () => false, run },
  { command: 'sheet', title: 'Sheet', group: 'H', keys: ['Mod+/', '?'], run },
  { command: 'palette', title: 'Palette', group: 'H', keys: ['F1'], overEditor: true, run },
];

function meant(key: string, place: KeyPlace, ctrlKey = false): string | undefined {
  const press = { key, code: '', ctrlKey, metaKey: false, altKey: false, shiftKey: false };
  return commandFor(press, place, commands, false)?.command;
}

test('a key means its command', () => {
  expect(meant('b', 'elsewhere', true)).toBe('build');
  expect(meant('?', 'elsewhere')).toBe('sheet');
  expect(meant('q', 'elsewhere')).toBeUndefined();
});

test('a command that cannot run has no key', () => {
  expect(meant('F5', 'elsewhere')).toBeUndefined();
});

test('in a text, a letter is a letter', () => {
  expect(meant('?', 'text')).toBeUndefined();
  expect(meant('b', 'text', true)).toBe('build');
  expect(meant('F1', 'text')).toBe('palette');
});

test('in the editor, only those commands have keys that come before its own', () => {
  expect(meant('/', 'editor', true)).toBeUndefined();
  expect(meant('b', 'editor', true)).toBe('build');
  expect(meant('F1', 'editor')).toBe('palette');
});
