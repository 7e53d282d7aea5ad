import { CornerDownLeft, Download, FileJson, Layers, Pin, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { BaseTag } from '../../../shared/ipc/app-views.ts';
import type { RemoteTag } from '../../../shared/ipc/registry-views.ts';
import { useApp } from '../../app/context.tsx';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { Digest } from '../../components/digest.tsx';
import { formatBytes } from '../../components/format.ts';
import { Select } from '../../components/select.tsx';
import { visible } from '../../components/visible.ts';
import { explain } from '../../../shared/failure.ts';
import { TransferCard } from '../../registries/transfer-card.tsx';
import { usePullOf, useStartPull } from '../../registries/transfers-of.ts';
import type { Loadable } from '../../stores/loadable.ts';
import { ManifestDialog } from './manifest-dialog.tsx';
import {
  fromReference,
  hasMoved,
  imagesOf,
  isPinned,
  wordsOfVerdict,
  type TagRow,
} from './tag-rows.ts';

interface TagDetailProps {
  readonly row: TagRow;
  readonly asksRegistry: boolean;
}

/** What is known of a tag, and what one can do with it. */
export function TagDetail({ row, asksRegistry }: TagDetailProps) {
  const { stores } = useApp();
  const { reference } = row;
  const detail = useStore(stores.tagDetails, state => state.details.get(reference));
  const images = imagesOf(row, detail);
  const [chosen, setChosen] = useState<string>();
  const image = images.find(({ manifestDigest }) => manifestDigest === chosen) ?? images[0];
  const pull = usePullOf(reference);
  const isRemote = asksRegistry && row.inRegistry;
  const input = pullInput(reference, image, images);
  const start = useStartPull();
  return (
    <section className="tag-detail" aria-label={`Details of ${visible(reference)}`}>
      <header className="tag-detail__head">
        <h3 className="mono truncate">{visible(reference)}</h3>
        {image !== undefined && (
          <Badge tone={wordsOfVerdict(image.verdict).tone}>
            {wordsOfVerdict(image.verdict).label}
          </Badge>
        )}
        {images.length > 1 && (
          <Select
            label="Image of this tag"
            hideLabel
            value={image?.manifestDigest ?? ''}
            options={images.map((each, index) => ({
              value: each.manifestDigest as string,
              label: `${each.osVersion ?? 'no os.version'} ${each.architecture}${index === 0 ? ' (suits this host best)' : ''}`,
            }))}
            onValueChange={setChosen}
          />
        )}
      </header>
      <Status row={row} detail={detail} image={image} isRemote={isRemote} />
      {image !== undefined && <Facts image={image} />}
      {pull !== undefined && <TransferCard transfer={pull} onRetry={() => start(input)} />}
      <Actions
        row={row}
        image={image}
        isRemote={isRemote}
        isPulling={pull?.state.kind === 'running'}
        onPull={() => start(input)}
      />
    </section>
  );
}

/** Of several images the one that was chosen; of one the tag itself, whatever it says of its platform. */
function pullInput(reference: string, image: BaseTag | undefined, images: readonly BaseTag[]) {
  if (image === undefined || images.length < 2) return { reference };
  const version = image.osVersion === undefined ? '' : `(${image.osVersion})`;
  return { reference, platform: `windows${version}/${image.architecture}` };
}

interface StatusProps {
  readonly row: TagRow;
  readonly detail: Loadable<RemoteTag> | undefined;
  readonly image: BaseTag | undefined;
  readonly isRemote: boolean;
}

function Status({ row, detail, image, isRemote }: StatusProps) {
  const { stores } = useApp();
  if (detail?.kind === 'failed') {
    const { message } = explain(detail.failure);
    return (
      <p className="tag-detail__failed" role="alert">
        {visible(message)}{' '}
        <Button
          size="small"
          icon={<RotateCcw aria-hidden="true" />}
          onClick={() => stores.tagDetails.getState().retry(row.reference)}
        >
          Try again
        </Button>
      </p>
    );
  }
  if (image === undefined) {
    const others = detail?.kind === 'ready' ? detail.value.otherPlatforms : [];
    if (detail?.kind !== 'ready')
      return <p className="muted">{isRemote ? 'Looking it up…' : ''}</p>;
    return (
      <p>
        There is no Windows image under this tag
        {others.length > 0 && `; it has ${others.map(visible).join(', ')}`}.
      </p>
    );
  }
  const { reason, remedy } = image.verdict;
  return (
    <>
      <p>
        {visible(reason)} {remedy !== undefined && <span className="muted">{visible(remedy)}</span>}
      </p>
      {hasMoved(detail) && (
        <p>
          The registry has another image under this tag than the store. Pull it to have the newer
          one.
        </p>
      )}
      {!isPinned(row) && (
        <p className="muted">
          This tag moves when a new version is published. Insert it with the digest to build on
          exactly this one every time.
        </p>
      )}
    </>
  );
}

interface ActionsProps {
  readonly row: TagRow;
  readonly image: BaseTag | undefined;
  readonly isRemote: boolean;
  readonly isPulling: boolean;
  readonly onPull: () => void;
}

function Actions({ row, image, isRemote, isPulling, onPull }: ActionsProps) {
  const { navigate } = useApp();
  const [manifest, setManifest] = useState(false);
  const { reference } = row;
  return (
    <div className="tag-detail__actions">
      <Button
        variant="primary"
        icon={<CornerDownLeft aria-hidden="true" />}
        onClick={() => navigate.insertFrom(fromReference(row, undefined))}
      >
        Insert FROM with tag
      </Button>
      {image !== undefined && (
        <Button
          icon={<Pin aria-hidden="true" />}
          onClick={() => navigate.insertFrom(fromReference(row, image.pinDigest))}
        >
          Insert FROM with digest
        </Button>
      )}
      {isRemote && !isPulling && (
        <Button icon={<Download aria-hidden="true" />} onClick={onPull}>
          {image === undefined || image.local ? 'Pull' : `Pull ${formatBytes(image.downloadBytes)}`}
        </Button>
      )}
      {row.stored.length > 0 && (
        <Button icon={<Layers aria-hidden="true" />} onClick={() => navigate.showLayers(reference)}>
          Show layers
        </Button>
      )}
      {isRemote && (
        <Button icon={<FileJson aria-hidden="true" />} onClick={() => setManifest(true)}>
          Show manifest
        </Button>
      )}
      {manifest && <ManifestDialog reference={reference} onClose={() => setManifest(false)} />}
    </div>
  );
}

function Facts({ image }: { readonly image: BaseTag }) {
  const download = image.local
    ? 'nothing, all of it is in the store'
    : formatBytes(image.downloadBytes);
  const facts = [
    ['os.version', visible(image.osVersion ?? 'not given')],
    ['Security updates until', image.supportEnds ?? 'unknown'],
    [
      'Size',
      `${formatBytes(image.size)} in ${image.layers} ${image.layers === 1 ? 'layer' : 'layers'}`,
    ],
    ['To download', download],
  ];
  return (
    <dl className="tag-detail__facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      <div>
        <dt>Digest</dt>
        <dd>
          <Digest digest={image.pinDigest} />
        </dd>
      </div>
    </dl>
  );
}
