import type { ChainLinkView } from '../../../shared/ipc/image-views.ts';
import { formatBytes } from '../../components/format.ts';
import { Table, type Column } from '../../components/table.tsx';
import type { ChainImage } from './chain-layout.ts';
import { instructionText, originWords, shortReference } from './chain-words.ts';

interface ChainRow {
  readonly reference: string;
  readonly link: ChainLinkView;
}

export interface ChainTableProps {
  readonly images: readonly ChainImage[];
  readonly selected: { readonly reference: string; readonly layerIndex: number } | undefined;
  readonly onSelect: (reference: string, layerIndex: number) => void;
  /** Shows an instruction that changes no files. */
  readonly onInstruction: (reference: string, position: number) => void;
}

/** The chains as a table, base first: the same as the picture, and the metadata instructions in words. */
export function ChainTable({ images, selected, onSelect, onInstruction }: ChainTableProps) {
  const rows = images.flatMap(({ reference, links }) => links.map(link => ({ reference, link })));
  const selectedRow = rows.find(
    ({ reference, link }) =>
      reference === selected?.reference && link.layer?.layerIndex === selected.layerIndex,
  );
  return (
    <div className="chain-table">
      <Table
        label="Layers and metadata instructions, base first"
        columns={images.length > 1 ? [imageColumn, ...columns] : columns}
        rows={rows}
        rowKey={rowKey}
        minWidth="52rem"
        selectedKey={selectedRow && rowKey(selectedRow)}
        onSelect={({ reference, link }) => {
          if (link.layer === undefined) onInstruction(reference, link.position);
          else onSelect(reference, link.layer.layerIndex);
        }}
      />
    </div>
  );
}

function rowKey({ reference, link }: ChainRow): string {
  return `${reference} ${link.position}`;
}

const imageColumn: Column<ChainRow> = {
  column: 'image',
  title: 'Image',
  width: '20%',
  render: ({ reference }) => shortReference(reference),
};

const columns: readonly Column<ChainRow>[] = [
  {
    column: 'layer',
    title: 'Layer',
    width: '5rem',
    render: ({ link }) => link.layer?.layerIndex ?? <span className="muted">–</span>,
  },
  {
    column: 'origin',
    title: 'Origin',
    width: '9rem',
    render: ({ link }) =>
      link.layer === undefined ? (
        <span className="muted">metadata only</span>
      ) : (
        <span className={`chain-table__origin origin--${link.layer.origin}`}>
          <span className="chain-legend__swatch" aria-hidden="true" />
          {originWords[link.layer.origin]}
        </span>
      ),
  },
  {
    column: 'instruction',
    title: 'Instruction',
    render: ({ link }) => (
      <code data-tooltip={instructionText(link.createdBy)}>{instructionText(link.createdBy)}</code>
    ),
  },
  {
    column: 'line',
    title: 'Line',
    width: '4.5rem',
    align: 'end',
    render: ({ link }) => (link.dockerfileLine === undefined ? '' : link.dockerfileLine + 1),
  },
  {
    column: 'size',
    title: 'Size',
    width: '7rem',
    align: 'end',
    render: ({ link }) => link.layer && formatBytes(link.layer.compressedSize),
  },
  {
    column: 'shared',
    title: 'Shared with',
    width: '8rem',
    align: 'end',
    render: ({ link }) => link.layer?.sharedWith.length || '',
  },
];
