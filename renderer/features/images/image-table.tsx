import { Copy, FileInput, FileUp, Layers, MoreHorizontal, Tag, Trash2, Upload } from 'lucide-react';
import { useMemo } from 'react';
import type { ImageSummary } from '../../../shared/ipc/image-views.ts';
import { useApp, type App } from '../../app/context.tsx';
import { Badge } from '../../components/badge.tsx';
import { IconButton } from '../../components/button.tsx';
import { Digest } from '../../components/digest.tsx';
import { formatAgo, formatBytes, formatTime } from '../../components/format.ts';
import { useContextMenu, type MenuItem } from '../../components/menu.tsx';
import { Table, type Column } from '../../components/table.tsx';
import { useNow } from '../../components/use-now.ts';
import { visible } from '../../components/visible.ts';
import type { ImageDialog } from './image-dialogs.tsx';
import { imageName, platformOf } from './image-rows.ts';

interface ImageTableProps {
  readonly images: readonly ImageSummary[];
  readonly onDialog: (dialog: ImageDialog) => void;
}

/** The images, one row for each reference. Enter shows the layers, Delete deletes. */
export function ImageTable({ images, onDialog }: ImageTableProps) {
  const app = useApp();
  const { menu, open } = useContextMenu('Image');
  const columns = useMemo(
    () => [
      ...dataColumns,
      {
        column: 'actions',
        title: 'Actions',
        width: '6.5rem',
        align: 'end',
        render: image => (
          <span className="images__actions">
            <IconButton
              size="small"
              label={`Show layers of ${visible(image.reference)}`}
              icon={<Layers aria-hidden="true" />}
              onClick={() => app.navigate.showLayers(image.reference)}
            />
            <IconButton
              size="small"
              label={`More for ${visible(image.reference)}`}
              aria-haspopup="menu"
              icon={<MoreHorizontal aria-hidden="true" />}
              onClick={event => open(event, menuOf(image, app, onDialog))}
            />
          </span>
        ),
      } satisfies Column<ImageSummary>,
    ],
    [app, open, onDialog],
  );
  return (
    <>
      <Table
        label="Images"
        minWidth="82rem"
        columns={columns}
        rows={images}
        rowKey={image => image.reference}
        initialSorting={{ column: 'created', direction: 'descending' }}
        onActivate={image => app.navigate.showLayers(image.reference)}
        onRowContextMenu={(image, event) => open(event, menuOf(image, app, onDialog))}
        onRowKeyDown={(image, event) => {
          if (event.key === 'Delete') onDialog({ kind: 'remove', reference: image.reference });
          if (event.key === 'ContextMenu' || (event.shiftKey && event.key === 'F10')) {
            open(event, menuOf(image, app, onDialog));
          }
        }}
      />
      {menu}
    </>
  );
}

function menuOf(
  { reference, manifestDigest }: ImageSummary,
  { navigate, stores }: App,
  onDialog: (dialog: ImageDialog) => void,
): readonly MenuItem[] {
  return [
    action('Show layers', <Layers />, () => navigate.showLayers(reference)),
    action('Use as base in the Dockerfile', <FileInput />, () => navigate.insertFrom(reference)),
    action('Copy digest', <Copy />, () => {
      navigator.clipboard
        .writeText(manifestDigest)
        .catch((error: unknown) => stores.notices.getState().tellError(error, 'Copy digest'));
    }),
    { kind: 'separator' },
    action('Add a tag…', <Tag />, () => onDialog({ kind: 'tag', reference })),
    action('Push to a registry…', <Upload />, () => onDialog({ kind: 'push', reference })),
    action('Save to a file…', <FileUp />, () => onDialog({ kind: 'save', reference })),
    { kind: 'separator' },
    {
      ...action('Delete…', <Trash2 />, () => onDialog({ kind: 'remove', reference })),
      danger: true,
    },
  ];
}

function action(label: string, icon: React.ReactNode, onSelect: () => void) {
  return { kind: 'action', label, icon, onSelect } as const;
}

const dataColumns: readonly Column<ImageSummary>[] = [
  {
    column: 'reference',
    title: 'Image',
    sortValue: image => image.reference,
    render: image => <NameCell image={image} />,
  },
  {
    column: 'platform',
    title: 'Platform',
    width: '18rem',
    sortValue: platformOf,
    render: image => (
      <span className="muted" data-tooltip={visible(platformOf(image))}>
        {image.children === undefined ? visible(platformOf(image)) : platformCount(image.children)}
      </span>
    ),
  },
  {
    column: 'digest',
    title: 'Digest',
    width: '11.5rem',
    render: image => <Digest digest={image.manifestDigest} />,
  },
  {
    column: 'layers',
    title: 'Layers',
    width: '5rem',
    align: 'end',
    sortValue: image => image.layers,
    render: image => image.layers,
  },
  {
    column: 'size',
    title: 'Size',
    width: '6.5rem',
    align: 'end',
    sortValue: image => image.size,
    render: image => formatBytes(image.size),
  },
  {
    column: 'unique',
    title: 'Only here',
    width: '10rem',
    align: 'end',
    sortValue: image => image.uniqueSize,
    render: image => <ShareCell image={image} />,
  },
  {
    column: 'created',
    title: 'Created',
    width: '9rem',
    sortValue: image => createdAt(image),
    render: image => <CreatedCell image={image} />,
  },
];

/** A pull brings the images of an index that were asked for. */
function platformCount(children: NonNullable<ImageSummary['children']>): string {
  const here = children.filter(({ missing }) => !missing).length;
  const all = `${children.length} platforms`;
  return here === children.length ? all : `${here} of ${all} pulled`;
}

function NameCell({ image }: { readonly image: ImageSummary }) {
  const { place, last, tag } = imageName(image.reference);
  return (
    <span className="images__name">
      <span className="images__reference" data-tooltip={visible(image.reference)}>
        {place !== '' && <span className="images__place truncate">{visible(place)}</span>}
        <strong className="truncate">{visible(last)}</strong>
        {tag !== undefined && <span className="images__tag truncate">:{visible(tag)}</span>}
      </span>
      {image.sample && <Badge tone="note">sample</Badge>}
    </span>
  );
}

/** What only this image holds, as a part of all it holds: the part that deleting it frees. */
function ShareCell({ image }: { readonly image: ImageSummary }) {
  const percent = image.size === 0 ? 0 : (image.uniqueSize / image.size) * 100;
  const shared = formatBytes(image.size - image.uniqueSize);
  return (
    <span className="images__share" data-tooltip={`${shared} shared with other images`}>
      <span className="images__bar" aria-hidden="true">
        <span style={{ width: `${percent}%` }} />
      </span>
      {formatBytes(image.uniqueSize)}
    </span>
  );
}

function createdAt({ created }: ImageSummary): number | undefined {
  const time = created === undefined ? Number.NaN : Date.parse(created);
  return Number.isNaN(time) ? undefined : time;
}

function CreatedCell({ image }: { readonly image: ImageSummary }) {
  const now = useNow(60_000);
  const time = createdAt(image);
  if (time === undefined) return <span className="muted">not recorded</span>;
  return <span data-tooltip={formatTime(time)}>{formatAgo(time, now)}</span>;
}
