import { HardDrive, Pin } from 'lucide-react';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { useStore } from 'zustand';
import type { BaseTag } from '../../../shared/ipc/app-views.ts';
import { monthsBehind } from '../../../shared/windows/months-behind.ts';
import { releaseOfBuild } from '../../../shared/windows/builds.ts';
import { useApp } from '../../app/context.tsx';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { formatAgo, formatBytes } from '../../components/format.ts';
import { LongTable } from '../../components/long-table.tsx';
import type { Column } from '../../components/table.tsx';
import { useNow } from '../../components/use-now.ts';
import { visible } from '../../components/visible.ts';
import { VisuallyHidden } from '../../components/visually-hidden.tsx';
import { TagDetail } from './tag-detail.tsx';
import { TagFilters } from './tag-filters.tsx';
import {
  anyTag,
  behindWords,
  filterTags,
  hasMoved,
  imagesOf,
  isPinned,
  wordsOfVerdict,
  type TagRow,
} from './tag-rows.ts';

interface TagListProps {
  readonly rows: readonly TagRow[];
  /** Rows in view are looked up in the registry. */
  readonly asksRegistry: boolean;
  /** Lists the tags anew; absent where there is no registry to ask. */
  readonly onRefresh?: () => void;
}

/** The tags of a repository with their filters, and what is known of the one that is chosen. */
export function TagList({ rows, asksRegistry, onRefresh }: TagListProps) {
  const { navigate } = useApp();
  const [filter, setFilter] = useState(anyTag);
  const [selectedTag, setSelectedTag] = useState<string>();
  const shown = useMemo(() => filterTags(rows, filter), [rows, filter]);
  const selected = shown.find(({ tag }) => tag === selectedTag) ?? shown[0];
  const columns = useMemo(() => columnsOf(rows, asksRegistry), [rows, asksRegistry]);
  return (
    <div className="tags">
      <TagFilters
        rows={rows}
        filter={filter}
        onFilter={setFilter}
        shown={shown.length}
        onRefresh={onRefresh}
      />
      <div className="tags__table">
        {shown.length === 0 ? (
          <EmptyState
            title="No tag fits these filters"
            actions={<Button onClick={() => setFilter(anyTag)}>Show all tags</Button>}
          />
        ) : (
          <LongTable
            label="Tags"
            minWidth="66rem"
            columns={columns}
            rows={shown}
            rowKey={({ tag }) => tag}
            selectedKey={selected?.tag}
            onSelect={({ tag }) => setSelectedTag(tag)}
            onActivate={({ reference }) => navigate.insertFrom(reference)}
          />
        )}
      </div>
      {selected !== undefined && (
        <TagDetail key={selected.reference} row={selected} asksRegistry={asksRegistry} />
      )}
    </div>
  );
}

function columnsOf(rows: readonly TagRow[], asksRegistry: boolean): readonly Column<TagRow>[] {
  const stored = rows.flatMap(row => row.stored);
  const cell = (words: (image: BaseTag) => ReactNode) => (row: TagRow) => (
    <ImageCell row={row} words={words} />
  );
  return [
    {
      column: 'tag',
      title: 'Tag',
      width: 'minmax(12rem, 1fr)',
      render: row => <NameCell row={row} asksRegistry={asksRegistry} />,
    },
    {
      column: 'version',
      title: 'os.version',
      width: '11.2rem',
      render: row => <VersionCell row={row} />,
    },
    {
      column: 'architecture',
      title: 'CPU',
      width: '5.8rem',
      render: cell(({ architecture }) => visible(architecture)),
    },
    {
      column: 'verdict',
      title: 'On this host',
      width: '9.4rem',
      render: cell(({ verdict }) => {
        const { tone, label } = wordsOfVerdict(verdict);
        return (
          <Badge tone={tone} title={verdict.reason}>
            {label}
          </Badge>
        );
      }),
    },
    {
      column: 'behind',
      title: 'Behind',
      width: '6.4rem',
      render: row => <BehindCell row={row} stored={stored} />,
    },
    {
      column: 'size',
      title: 'Size',
      width: '5.4rem',
      align: 'end',
      render: cell(({ size }) => formatBytes(size)),
    },
    {
      column: 'download',
      title: 'To download',
      width: '7.6rem',
      align: 'end',
      render: cell(({ downloadBytes, local }) =>
        local ? <span className="muted">in the store</span> : formatBytes(downloadBytes),
      ),
    },
    {
      column: 'created',
      title: 'Made',
      width: '7.4rem',
      render: cell(({ created }) => <Age created={created} />),
    },
  ];
}

function useDetail({ reference }: TagRow) {
  const { stores } = useApp();
  return useStore(stores.tagDetails, state => state.details.get(reference));
}

/** The rows in view are the ones that are drawn: this one has its tag looked up for as long as it is. */
function NameCell({ row, asksRegistry }: { readonly row: TagRow; readonly asksRegistry: boolean }) {
  const { stores } = useApp();
  const { reference, stored, tag } = row;
  const detail = useDetail(row);
  const more = imagesOf(row, detail).length - 1;
  const looksUp = asksRegistry && row.inRegistry;
  useEffect(
    () => (looksUp ? stores.tagDetails.getState().want(reference) : undefined),
    [stores, reference, looksUp],
  );
  return (
    <span className="tags__name">
      <strong className="truncate" data-tooltip={visible(tag)}>
        {visible(tag)}
      </strong>
      {more > 0 && (
        <Badge outline title="Images for several versions of Windows or processors">
          {`+${more}`}
        </Badge>
      )}
      {isPinned(row) && (
        <Mark
          icon={<Pin aria-hidden="true" />}
          words="pinned"
          tooltip="Names one exact version and never moves"
        />
      )}
      {stored.length > 0 &&
        (hasMoved(detail) ? (
          <Badge tone="warn" title="The registry has a newer image under this tag than the store">
            newer there
          </Badge>
        ) : (
          <Mark
            icon={<HardDrive aria-hidden="true" />}
            words="stored"
            tooltip="The store has an image under this tag"
          />
        ))}
    </span>
  );
}

interface MarkProps {
  readonly icon: ReactNode;
  readonly words: string;
  readonly tooltip: string;
}

/** A picture where words would cut the tag off. */
function Mark({ icon, words, tooltip }: MarkProps) {
  return (
    <span className="tags__mark" data-tooltip={tooltip}>
      {icon}
      <VisuallyHidden>{words}</VisuallyHidden>
    </span>
  );
}

/** Known from the name at once where the name has it. */
function VersionCell({ row }: { readonly row: TagRow }) {
  const detail = useDetail(row);
  const [image] = imagesOf(row, detail);
  const { build, osVersion } = row.meaning;
  const version = image?.osVersion ?? osVersion;
  if (version !== undefined) {
    const name = image?.releaseName ?? nameOfBuild(build);
    return (
      <span className="numeric" data-tooltip={name}>
        {visible(version)}
      </span>
    );
  }
  if (detail?.kind === 'failed') return <span className="muted">not known</span>;
  if (detail?.kind === 'ready') {
    const [other] = detail.value.otherPlatforms;
    return <span className="muted">{other === undefined ? 'not given' : visible(other)}</span>;
  }
  return <span className="muted">{nameOfBuild(build)?.replace(/^Windows /, '') ?? '…'}</span>;
}

function nameOfBuild(build: number | undefined): string | undefined {
  return build === undefined ? undefined : releaseOfBuild(build, 'server')?.name;
}

interface ImageCellProps {
  readonly row: TagRow;
  readonly words: (image: BaseTag) => ReactNode;
}

function ImageCell({ row, words }: ImageCellProps) {
  const detail = useDetail(row);
  const [image] = imagesOf(row, detail);
  if (image !== undefined) return words(image);
  const isKnown = detail !== undefined && detail.kind !== 'loading';
  return <span className="muted">{isKnown ? '–' : '…'}</span>;
}

function BehindCell({
  row,
  stored,
}: {
  readonly row: TagRow;
  readonly stored: readonly BaseTag[];
}) {
  const { stores } = useApp();
  const details = useStore(stores.tagDetails, state => state.details);
  const [image] = imagesOf(row, details.get(row.reference));
  if (image === undefined) return <span className="muted">…</span>;
  const months = monthsBehind(image, [...knownImages(details.values()), ...stored]);
  return <span className={months === 0 ? undefined : 'muted'}>{behindWords(months)}</span>;
}

function knownImages(details: Iterable<ReturnType<typeof useDetail>>): readonly BaseTag[] {
  return [...details].flatMap(detail => (detail?.kind === 'ready' ? detail.value.candidates : []));
}

function Age({ created }: { readonly created: string | undefined }) {
  const now = useNow(60_000);
  const time = Date.parse(created ?? '');
  return Number.isNaN(time) ? (
    <span className="muted">unknown</span>
  ) : (
    <span className="muted" data-tooltip={created}>
      {formatAgo(time, now)}
    </span>
  );
}
