import { Download } from 'lucide-react';
import { useState } from 'react';
import type { EntryDetail } from '../../../shared/ipc/image-views.ts';
import { useApp } from '../../app/context.tsx';
import { useAnswer, useHeld } from '../../app/context/use-answers.ts';
import { Button } from '../../components/button.tsx';
import { CopyButton } from '../../components/digest.tsx';
import { formatBytes } from '../../components/format.ts';
import { visible } from '../../components/visible.ts';
import { Answered } from './answered.tsx';
import { ChangeMark } from './change-mark.tsx';
import { Fact, Facts, TimeFact } from './facts.tsx';
import { FilePreviewView } from './file-preview.tsx';
import type { Inspected } from './inspected.ts';
import { PathHistoryView } from './path-history.tsx';
import { SecurityFacts } from './security-facts.tsx';
import { Segments } from './segments.tsx';
import type { LayerAt } from './selection.ts';

export interface EntryInspectorProps extends Inspected {
  readonly path: string | undefined;
}

/** Everything known of the selected file: metadata, content, and what became of it from layer to layer. */
export function EntryInspector(props: EntryInspectorProps) {
  const { path } = props;
  return path === undefined ? (
    <p className="panel-note muted">
      Select a file to see its attributes, its content and its history.
    </p>
  ) : (
    <Entry {...props} path={path} />
  );
}

type Part = 'details' | 'content' | 'history';
const parts = [
  { value: 'details', label: 'Details' },
  { value: 'content', label: 'Content' },
  { value: 'history', label: 'History' },
] as const;

function Entry(props: EntryInspectorProps & { readonly path: string }) {
  const { path, selected } = props;
  const { at, layer } = selected;
  const [part, setPart] = useState<Part>('details');
  const asked = useAnswer('layer.entry', { ...at, path }, layer.chainId);
  const answer = useHeld(asked.answer);
  const { row } = answer.kind === 'ready' ? answer.value : {};
  // Until the next answer is there, the former one is shown under its own name.
  const named = row?.path ?? path;
  const hasContent = row !== undefined && (row.kind === 'file' || row.kind === 'hard-link');
  const shown = part === 'content' && !hasContent ? 'details' : part;
  return (
    <>
      <h3 className="entry__title">
        <span className="mono">{visible(named)}</span>
        <CopyButton text={named} what="path" />
      </h3>
      <div className="entry__bar">
        <Segments
          label="Show of the file"
          value={shown}
          options={hasContent ? parts : parts.filter(({ value }) => value !== 'content')}
          onValueChange={setPart}
        />
        {hasContent && row.change !== 'deleted' && <Extract at={at} path={path} />}
      </div>
      {shown === 'history' ? (
        <PathHistoryView {...props} />
      ) : isElsewhere(answer) ? (
        <p className="panel-note muted" role="status">
          Layer {at.layerIndex} and those below it do not have this file. Its history tells which
          layers do.
        </p>
      ) : (
        <Answered
          asked={{ ...asked, answer }}
          waiting="Reading the details"
          failed="The details could not be read"
        >
          {entry =>
            shown === 'content' ? (
              <FilePreviewView
                key={`${layer.chainId} ${path}`}
                at={at}
                chainId={layer.chainId}
                path={path}
              />
            ) : (
              <EntryFacts entry={entry} />
            )
          }
        </Answered>
      )}
    </>
  );
}

function isElsewhere(answer: ReturnType<typeof useHeld>): boolean {
  return (
    answer.kind === 'failed' &&
    answer.failure.code === 'bad-request' &&
    answer.failure.field === 'path'
  );
}

function EntryFacts({ entry }: { readonly entry: EntryDetail }) {
  const { row, attributes, streams, extendedAttributes, sddl } = entry;
  return (
    <>
      <Facts>
        <Fact name="Change">
          <ChangeMark change={row.change} /> <span className="muted">{row.kind}</span>
        </Fact>
        <Fact name="Size">{formatBytes(row.size)}</Fact>
        {row.target !== undefined && <Fact name="Target">{visible(row.target)}</Fact>}
        {attributes.length > 0 && <Fact name="Attributes">{attributes.join(', ')}</Fact>}
        <TimeFact name="Modified" time={entry.modified} />
        <TimeFact name="Created" time={entry.created} />
        <TimeFact name="Changed" time={entry.changed} />
        <TimeFact name="Accessed" time={entry.accessed} />
        {streams.length > 0 && (
          <Fact name="Streams">
            {streams.map(({ name, size }) => `${visible(name)} (${formatBytes(size)})`).join(', ')}
          </Fact>
        )}
        {extendedAttributes.length > 0 && (
          <Fact name="Extended attributes">{extendedAttributes.map(visible).join(', ')}</Fact>
        )}
      </Facts>
      {sddl !== undefined && <SecurityFacts sddl={sddl} of="file" />}
    </>
  );
}

function Extract({ at, path }: { readonly at: LayerAt; readonly path: string }) {
  const { api, stores } = useApp();
  const extract = async (): Promise<void> => {
    const file = await stores.pathQuestions.getState().ask({
      kind: 'saveFile',
      title: 'Extract the file',
      suggestedName: path.slice(path.lastIndexOf('/') + 1),
    });
    if (file === undefined) return;
    const extracted = await api.request('layer.extract', { ...at, path, file });
    const message = `Extracted ${formatBytes(extracted.bytes)} to ${extracted.file}.`;
    stores.notices.getState().tell({ tone: 'ok', message });
  };
  return (
    <Button
      size="small"
      icon={<Download aria-hidden="true" />}
      onClick={() => {
        extract().catch((error: unknown) =>
          stores.notices.getState().tellError(error, 'The file could not be extracted'),
        );
      }}
    >
      Extract…
    </Button>
  );
}
