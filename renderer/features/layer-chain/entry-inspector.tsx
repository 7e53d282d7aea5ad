import type { EntryDetail } from '../../../shared/ipc/image-views.ts';
import { CopyButton } from '../../components/digest.tsx';
import { FailureView } from '../../components/failure-view.tsx';
import { formatBytes, formatTime } from '../../components/format.ts';
import { Skeleton } from '../../components/skeleton.tsx';
import { visible } from '../../components/visible.ts';
import { instructionText } from './chain-words.ts';
import { ChangeMark } from './change-mark.tsx';
import { findLayer, type LayerAt, type ShownLayer } from './selection.ts';
import { useAnswer } from '../../app/context/use-answers.ts';

export interface EntryInspectorProps {
  readonly at: LayerAt;
  readonly path: string | undefined;
  readonly layers: readonly ShownLayer[];
  readonly onSelect: (at: LayerAt) => void;
}

/** Everything known of the selected file, and what became of it from layer to layer. */
export function EntryInspector({ path, ...props }: EntryInspectorProps) {
  return (
    <section className="entry" aria-label="Details of the selected file">
      {path === undefined ? (
        <p className="panel-note muted">Select a file to see its attributes, times and history.</p>
      ) : (
        <LoadedEntry {...props} path={path} />
      )}
    </section>
  );
}

function LoadedEntry(props: EntryInspectorProps & { readonly path: string }) {
  const { at, path } = props;
  const { answer, retry } = useAnswer('layer.entry', { ...at, path });
  if (answer.kind === 'loading') return <Skeleton label="Reading the details" lines={4} />;
  if (answer.kind === 'failed') {
    return (
      <FailureView title="The details could not be read" failure={answer.failure} onRetry={retry} />
    );
  }
  const entry = answer.value;
  return (
    <>
      <h3 className="entry__title">
        <span className="mono">{visible(entry.row.path)}</span>
        <CopyButton text={entry.row.path} what="path" />
      </h3>
      <Facts entry={entry} />
      <History {...props} entry={entry} />
    </>
  );
}

function Facts({ entry }: { readonly entry: EntryDetail }) {
  const { row, attributes, streams, extendedAttributes, sddl } = entry;
  return (
    <dl className="entry__facts">
      <Fact name="Change">
        <ChangeMark change={row.change} /> <span className="muted">{row.kind}</span>
      </Fact>
      <Fact name="Size">{formatBytes(row.size)}</Fact>
      {row.target !== undefined && <Fact name="Target">{visible(row.target)}</Fact>}
      {attributes.length > 0 && <Fact name="Attributes">{attributes.join(', ')}</Fact>}
      <Time name="Modified" time={entry.modified} />
      <Time name="Created" time={entry.created} />
      <Time name="Changed" time={entry.changed} />
      <Time name="Accessed" time={entry.accessed} />
      {sddl !== undefined && (
        <Fact name="Security (SDDL)">
          <code className="entry__sddl">{visible(sddl)}</code>
          <CopyButton text={sddl} what="SDDL" />
        </Fact>
      )}
      {streams.length > 0 && (
        <Fact name="Streams">
          {streams.map(({ name, size }) => `${visible(name)} (${formatBytes(size)})`).join(', ')}
        </Fact>
      )}
      {extendedAttributes.length > 0 && (
        <Fact name="Extended attributes">{extendedAttributes.map(visible).join(', ')}</Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Time({ name, time }: { readonly name: string; readonly time: string | undefined }) {
  const at = Date.parse(time ?? '');
  if (time === undefined || Number.isNaN(at)) return null;
  return (
    <Fact name={name}>
      <time dateTime={time} data-tooltip={time}>
        {formatTime(at)}
      </time>
    </Fact>
  );
}

function History(props: EntryInspectorProps & { readonly entry: EntryDetail }) {
  const { at, layers, entry, onSelect } = props;
  return (
    <>
      <h4>Through the layers</h4>
      <ol className="entry__history">
        {entry.history.map(({ layerIndex, change, size }) => {
          const layer = findLayer(layers, { ...at, layerIndex });
          const isHere = layerIndex === at.layerIndex;
          return (
            <li key={layerIndex}>
              <button
                type="button"
                className="entry__step"
                aria-current={isHere ? 'step' : undefined}
                onClick={() => onSelect({ ...at, layerIndex })}
              >
                <span>Layer {layerIndex}</span>
                <ChangeMark change={change} />
                <span className="muted">{formatBytes(size)}</span>
                <code className="truncate muted">
                  {layer && instructionText(layer.link.createdBy)}
                </code>
              </button>
            </li>
          );
        })}
      </ol>
    </>
  );
}
