import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { TreeView, type TreeRow } from '../../components/tree-view.tsx';
import { visible } from '../../components/visible.ts';
import { outlineOf, type OutlineItem } from './language/outline.ts';
import type { EditorHost } from './monaco/host.ts';
import type * as monaco from './monaco/monaco.ts';
import { reveal } from './reveal.ts';

export interface OutlinePanelProps {
  readonly host: EditorHost;
  readonly editor: monaco.editor.IStandaloneCodeEditor | undefined;
  readonly file: string;
}

/** Stages and instructions; choosing one shows it in the text. */
export function OutlinePanel({ host, editor, file }: OutlinePanelProps) {
  const analysis = useStore(host.documents.views, views => views.get(file)?.analysis);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [selected, setSelected] = useState<string>();
  const items = useMemo(() => (analysis === undefined ? [] : outlineOf(analysis)), [analysis]);
  const rows = useMemo(() => rowsOf(items, closed), [items, closed]);
  const toggle = ({ rowKey }: TreeRow<OutlineItem>) =>
    setClosed(before => {
      const after = new Set(before);
      if (!after.delete(rowKey)) after.add(rowKey);
      return after;
    });
  return (
    <section className="editor-panel" aria-label="Outline">
      <h2 className="editor-panel__head">Outline</h2>
      {rows.length === 0 ? (
        <p className="editor-panel__none muted">Nothing to list for this file.</p>
      ) : (
        <TreeView
          label="Stages and instructions"
          rows={rows}
          selectedKey={selected}
          onSelect={row => {
            setSelected(row.rowKey);
            editor?.revealLineInCenterIfOutsideViewport(row.value.selection.start.line + 1);
          }}
          onToggle={toggle}
          onActivate={row => reveal(editor, row.value.selection)}
          renderRow={({ value }) => <OutlineRow item={value} />}
        />
      )}
    </section>
  );
}

function OutlineRow({ item }: { readonly item: OutlineItem }) {
  return (
    <span className={`outline-row outline-row--${item.kind}`}>
      <span className="outline-row__name">{visible(item.name)}</span>
      <span className="outline-row__detail truncate">{visible(item.detail)}</span>
    </span>
  );
}

function rowsOf(
  items: readonly OutlineItem[],
  closed: ReadonlySet<string>,
  parent = '',
): TreeRow<OutlineItem>[] {
  return items.flatMap((item, index) => {
    const rowKey = `${parent}${index}`;
    const isOpen = item.children.length > 0 && !closed.has(rowKey);
    const row: TreeRow<OutlineItem> = {
      rowKey,
      value: item,
      posInSet: index + 1,
      setSize: items.length,
      level: parent === '' ? 1 : 2,
      text: item.name,
      ...(item.children.length > 0 ? { expanded: isOpen } : {}),
    };
    return [row, ...(isOpen ? rowsOf(item.children, closed, `${rowKey}.`) : [])];
  });
}
