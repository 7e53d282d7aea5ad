import { describe, expect, test } from 'vitest';
import {
  emptyTree,
  isIncomplete,
  keyOfPath,
  parentsOf,
  revealed,
  toggled,
  treeRows,
  withFailure,
  withoutFailure,
  withPage,
} from '../../../renderer/features/layer-chain/lazy-tree.ts';
import type { FileRow } from '../../../shared/ipc/image-views.ts';

function row(path: string, kind: FileRow['kind'] = 'file'): FileRow {
  const name = path.split('/').at(-1) ?? '';
  return { path, name, kind, change: 'added', size: 1, layerIndex: 0 };
}

const root = withPage(emptyTree<FileRow>(), '', 0, {
  rows: [row('Files', 'directory'), row('Hives', 'directory')],
  total: 2,
});
const opened = toggled(root, 'Files');
const paged = withPage(opened, 'Files', 0, { rows: [row('Files/a'), row('Files/b')], total: 3 });

const rowsOf = (tree: typeof root) => treeRows(tree, ({ kind }) => kind === 'directory');
const keys = (tree: typeof root) =>
  rowsOf(tree).map(({ value }) => (value.kind === 'row' ? value.row.path : value.kind));

describe('a tree that loads what is looked at', () => {
  test('before anything came, one row stands for what is to come', () => {
    expect(keys(emptyTree())).toEqual(['more']);
  });

  test('what is in an open directory follows it, one level deeper', () => {
    expect(keys(opened)).toEqual(['Files', 'more', 'Hives']);
    expect(rowsOf(paged)[1]).toMatchObject({ level: 2, posInSet: 1, setSize: 3 });
  });

  test('a row stands for the pages that are not loaded, and goes when all are there', () => {
    expect(keys(paged)).toEqual(['Files', 'Files/a', 'Files/b', 'more', 'Hives']);
    const whole = withPage(paged, 'Files', 2, { rows: [row('Files/c')], total: 3 });
    expect(keys(whole)).toEqual(['Files', 'Files/a', 'Files/b', 'Files/c', 'Hives']);
    expect(isIncomplete(whole, 'Files')).toBe(false);
  });

  test('the row that stood for more becomes the first of what came, so that a cursor stays there', () => {
    const more = rowsOf(paged)[3];
    const whole = withPage(paged, 'Files', 2, { rows: [row('Files/c')], total: 3 });
    expect(more?.value.kind).toBe('more');
    expect(keyOfPath(rowsOf(whole), 'Files/c')).toBe(more?.rowKey);
  });

  test('a page that came twice is taken once', () => {
    expect(withPage(paged, 'Files', 0, { rows: [row('Files/a')], total: 3 })).toBe(paged);
  });

  test('a directory that is shut and opened again keeps what was loaded', () => {
    const shut = toggled(paged, 'Files');
    expect(keys(shut)).toEqual(['Files', 'Hives']);
    expect(keys(toggled(shut, 'Files'))).toEqual(keys(paged));
  });

  test('a failure is told in its place and is not asked for again until one tries again', () => {
    const failed = withFailure(paged, 'Files', { code: 'cancelled' });
    expect(keys(failed)).toEqual(['Files', 'Files/a', 'Files/b', 'failed', 'Hives']);
    expect(isIncomplete(failed, 'Files')).toBe(false);
    expect(isIncomplete(withoutFailure(failed, 'Files'), 'Files')).toBe(true);
  });

  test('an empty directory says so', () => {
    expect(keys(withPage(opened, 'Files', 0, { rows: [], total: 0 }))).toContain('empty');
  });

  test('hidden characters of names are visible to those who type and listen', () => {
    const tree = withPage(emptyTree<FileRow>(), '', 0, { rows: [row('\u202etxt.exe')], total: 1 });
    expect(rowsOf(tree)[0]?.text).toBe('⟨U+202E⟩txt.exe');
  });

  test('every row has a key of its own', () => {
    const rows = rowsOf(withFailure(toggled(paged, 'Hives'), 'Hives', { code: 'cancelled' }));
    expect(new Set(rows.map(({ rowKey }) => rowKey)).size).toBe(rows.length);
  });

  test('what is above a path is opened to show it', () => {
    expect(parentsOf('HKLM\\SOFTWARE\\Microsoft', '\\')).toEqual(['HKLM', 'HKLM\\SOFTWARE']);
    expect([...revealed(root, 'Files/a/b.txt', '/').expanded]).toEqual(['Files', 'Files/a']);
  });
});
