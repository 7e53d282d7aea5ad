import { CornerDownLeft, Layers, Pin } from 'lucide-react';
import type { BaseTag } from '../../../shared/ipc/app-views.ts';
import { useApp } from '../../app/context.tsx';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { Digest } from '../../components/digest.tsx';
import { formatBytes } from '../../components/format.ts';
import { visible } from '../../components/visible.ts';
import { fromReference, wordsOfVerdict } from './base-rows.ts';

/** What is known of a tag, and what one can do with it. */
export function TagDetail({ tag }: { readonly tag: BaseTag }) {
  const { navigate } = useApp();
  const { verdict } = tag;
  const { tone, label } = wordsOfVerdict(verdict);
  return (
    <section className="tag-detail" aria-label={`Details of ${visible(tag.reference)}`}>
      <header className="tag-detail__head">
        <h3 className="mono truncate">{visible(tag.reference)}</h3>
        <Badge tone={tone}>{label}</Badge>
      </header>
      <p>{verdict.reason}</p>
      {verdict.remedy !== undefined && <p className="muted">{verdict.remedy}</p>}
      {!tag.pinned && (
        <p className="muted">
          This tag moves when a new version is published. Insert it with the digest to build on
          exactly this one every time.
        </p>
      )}
      <Facts tag={tag} />
      <div className="tag-detail__actions">
        <Button
          variant="primary"
          icon={<CornerDownLeft aria-hidden="true" />}
          onClick={() => navigate.insertFrom(fromReference(tag, 'tag'))}
        >
          Insert FROM with tag
        </Button>
        <Button
          icon={<Pin aria-hidden="true" />}
          onClick={() => navigate.insertFrom(fromReference(tag, 'digest'))}
        >
          Insert FROM with digest
        </Button>
        <Button
          icon={<Layers aria-hidden="true" />}
          onClick={() => navigate.showLayers(tag.reference)}
        >
          Show layers
        </Button>
      </div>
    </section>
  );
}

function Facts({ tag }: { readonly tag: BaseTag }) {
  const download = tag.local
    ? 'nothing, all of it is in the store'
    : formatBytes(tag.downloadBytes);
  const facts = [
    ['os.version', visible(tag.osVersion ?? 'not given')],
    ['Security updates until', tag.supportEnds ?? 'unknown'],
    ['Size', `${formatBytes(tag.size)} in ${tag.layers} ${tag.layers === 1 ? 'layer' : 'layers'}`],
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
          <Digest digest={tag.pinDigest} />
        </dd>
      </div>
    </dl>
  );
}
