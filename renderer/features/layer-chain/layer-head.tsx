import { FileCode, ScrollText } from 'lucide-react';
import { useStore } from 'zustand';
import type { ChainLinkView, ImageSummary } from '../../../shared/ipc/image-views.ts';
import { useApp } from '../../app/context.tsx';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { Digest } from '../../components/digest.tsx';
import { formatBytes, formatPlural } from '../../components/format.ts';
import { visible } from '../../components/visible.ts';
import { valueOr } from '../../stores/loadable.ts';
import { changeKinds, instructionText, originWords } from './chain-words.ts';
import { ChangeMark } from './change-mark.tsx';
import type { ShownLayer } from './selection.ts';
import { useAnswer } from '../../app/context/use-answers.ts';

/** What the selected layer is: its instruction, totals, digests, and the ways to where it was made. */
export function LayerHead({ shown }: { readonly shown: ShownLayer }) {
  const { link, layer } = shown;
  return (
    <header className="layer-head">
      <div className="layer-head__line">
        <span className={`chain-table__origin origin--${layer.origin}`}>
          <span className="chain-legend__swatch" aria-hidden="true" />
          {originWords[layer.origin]}
        </span>
        <h2 className="layer-head__title">Layer {layer.layerIndex}</h2>
        <code className="layer-head__instruction truncate">{instructionText(link.createdBy)}</code>
        <span className="muted">{formatBytes(layer.compressedSize)} compressed</span>
        <Origins link={link} summary={shown.summary} />
      </div>
      <div className="layer-head__line">
        {!layer.missing && <Totals key={layer.chainId} shown={shown} />}
        <span className="layer-head__digests">
          <Named name="digest" digest={layer.digest} />
          <Named name="diffId" digest={layer.diffId} />
          <Named name="chainId" digest={layer.chainId} />
          {layer.missing && <Badge tone="warn">not held locally</Badge>}
          {layer.sharedWith.length > 0 && (
            <Badge outline title={layer.sharedWith.map(visible).join('\n')}>
              also in {formatPlural(layer.sharedWith.length, 'image')}
            </Badge>
          )}
        </span>
      </div>
    </header>
  );
}

function Named({ name, digest }: { readonly name: string; readonly digest: string }) {
  return (
    <span className="layer-head__digest">
      <span className="muted">{name}</span>
      <Digest digest={digest} what={name} />
    </span>
  );
}

function Totals({ shown }: { readonly shown: ShownLayer }) {
  const { answer } = useAnswer('layer.totals', shown.at, shown.layer.chainId);
  // The tab below asks for the same layer and tells the failure.
  if (answer.kind === 'failed') return null;
  if (answer.kind === 'loading') return <span className="muted">Counting…</span>;
  const totals = answer.value;
  return (
    <span className="layer-head__totals" role="group" aria-label="Totals of the layer">
      {changeKinds.map(change => (
        <ChangeMark key={change} change={change} count={totals[change]} />
      ))}
      <span className="muted">
        files and links; {formatBytes(totals.bytes)} in {formatPlural(totals.files, 'file')},{' '}
        {formatPlural(totals.directories, 'folder')}
      </span>
    </span>
  );
}

function Origins(props: { readonly link: ChainLinkView; readonly summary: ImageSummary }) {
  const { stores, navigate } = useApp();
  const { dockerfileLine: line } = props.link;
  const builds = useStore(stores.builds, state => state.list);
  const build = valueOr(builds, []).find(
    ({ result }) => result?.manifestDigest === props.summary.manifestDigest,
  );
  const at = { line: line ?? 0, character: 0 };
  return (
    <span className="layer-head__actions">
      {line !== undefined && (
        <Button
          size="small"
          icon={<FileCode aria-hidden="true" />}
          onClick={() => navigate.openEditorAt({ start: at, end: at })}
        >
          Dockerfile line {line + 1}
        </Button>
      )}
      {build !== undefined && (
        <Button
          size="small"
          icon={<ScrollText aria-hidden="true" />}
          onClick={() => navigate.showBuild(build.buildId)}
        >
          Build log
        </Button>
      )}
    </span>
  );
}
