import { useMemo, useState } from 'react';
import type { DetectedContent, FilePreview } from '../../../shared/ipc/layer-views.ts';
import { useAnswer, useHeld } from '../../app/context/use-answers.ts';
import { Button } from '../../components/button.tsx';
import { CopyButton } from '../../components/digest.tsx';
import { formatBytes, formatTime } from '../../components/format.ts';
import { visible } from '../../components/visible.ts';
import { Answered } from './answered.tsx';
import { Fact, Facts } from './facts.tsx';
import { bytesOfBase64, decodeText, hexDump } from './preview-text.ts';
import { Segments } from './segments.tsx';
import type { LayerAt } from './selection.ts';
import './preview.css';

const pageBytes = 64 * 1024;
/** Images are shown whole or not at all. */
const mostImageBytes = 1024 * 1024;

export interface FilePreviewViewProps {
  readonly at: LayerAt;
  readonly chainId: string;
  readonly path: string;
}

/** What a file has in it: as text, as a picture, as what its header says, and always as bytes. */
export function FilePreviewView({ at, chainId, path }: FilePreviewViewProps) {
  const [offset, setOffset] = useState(0);
  const [form, setForm] = useState<'content' | 'bytes'>('content');
  const asked = useAnswer('layer.preview', { ...at, path, offset, length: pageBytes }, chainId);
  const answer = useHeld(asked.answer);
  return (
    <Answered
      asked={{ ...asked, answer }}
      waiting="Reading the content"
      failed="The content could not be read"
    >
      {preview => (
        <div className="preview">
          <Detected preview={preview} />
          {preview.size > 0 && (
            <div className="entry__bar">
              {hasForm(preview.detected) && (
                <Segments
                  label="Show the content as"
                  value={form}
                  options={[
                    {
                      value: 'content',
                      label: preview.detected.kind === 'text' ? 'Text' : 'Image',
                    },
                    { value: 'bytes', label: 'Bytes' },
                  ]}
                  onValueChange={setForm}
                />
              )}
              <Pager preview={preview} onOffset={setOffset} />
            </div>
          )}
          <Content at={at} chainId={chainId} preview={preview} asBytes={form === 'bytes'} />
        </div>
      )}
    </Answered>
  );
}

function hasForm({ kind }: DetectedContent): boolean {
  return kind === 'text' || kind === 'image';
}

function Pager(props: {
  readonly preview: FilePreview;
  readonly onOffset: (offset: number) => void;
}) {
  const { size, offset } = props.preview;
  if (size <= pageBytes) return null;
  const end = Math.min(size, offset + pageBytes);
  return (
    <span className="preview__pager">
      <Button
        size="small"
        disabled={offset === 0}
        onClick={() => props.onOffset(Math.max(0, offset - pageBytes))}
      >
        Earlier
      </Button>
      <Button size="small" disabled={end >= size} onClick={() => props.onOffset(end)}>
        Later
      </Button>
      <span className="muted numeric">
        {formatBytes(offset)} to {formatBytes(end)} of {formatBytes(size)}
      </span>
    </span>
  );
}

function Content(props: {
  readonly at: LayerAt;
  readonly chainId: string;
  readonly preview: FilePreview;
  readonly asBytes: boolean;
}) {
  const { preview, asBytes } = props;
  const { detected, base64, offset } = preview;
  const text = useMemo(() => {
    const bytes = bytesOfBase64(base64);
    if (detected.kind === 'text' && !asBytes) {
      return decodeText(bytes, detected.encoding).split(/\r?\n/).map(visible).join('\n');
    }
    return hexDump(bytes, offset);
  }, [base64, offset, detected, asBytes]);
  if (detected.kind === 'empty') return null;
  if (detected.kind === 'image' && !asBytes) {
    return <Picture {...props} mediaType={detected.mediaType} />;
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls
    <pre className="preview__text" tabIndex={0} aria-label="Content of the file">
      {text}
    </pre>
  );
}

function Picture(props: {
  readonly at: LayerAt;
  readonly chainId: string;
  readonly preview: FilePreview;
  readonly mediaType: string;
}) {
  const { at, chainId, preview, mediaType } = props;
  const length = Math.min(mostImageBytes, Math.max(1, preview.size));
  const whole = useAnswer('layer.preview', { ...at, path: preview.path, length }, chainId);
  if (preview.size > mostImageBytes) {
    return (
      <p className="panel-note muted">
        Images over {formatBytes(mostImageBytes)} are not drawn. Extract it to look at it.
      </p>
    );
  }
  return (
    <Answered asked={whole} waiting="Reading the image" failed="The image could not be read">
      {({ base64 }) => (
        <img
          className="preview__image"
          alt={`Content of ${visible(preview.path)}`}
          src={`data:${mediaType};base64,${base64}`}
        />
      )}
    </Answered>
  );
}

function Detected({ preview }: { readonly preview: FilePreview }) {
  const { detected, contentHash } = preview;
  return (
    <Facts>
      <Fact name="Content">{contentWords(detected)}</Fact>
      {detected.kind === 'pe' && <PeFacts pe={detected} />}
      <Fact name="sha256">
        <code>{contentHash}</code> <CopyButton text={contentHash} what="content hash" />
      </Fact>
    </Facts>
  );
}

function PeFacts({ pe }: { readonly pe: Extract<DetectedContent, { kind: 'pe' }> }) {
  const linked = Date.parse(pe.linked);
  return (
    <>
      <Fact name="Machine">
        {visible(pe.machine)}, {pe.bits} bit
      </Fact>
      <Fact name="Subsystem">{visible(pe.subsystem)}</Fact>
      <Fact name="Linked">
        {Number.isNaN(linked) ? 'no time' : formatTime(linked)}
        <span className="muted"> (of reproducible builds a hash and no time)</span>
      </Fact>
      <Fact name="Sections">{pe.sections.map(visible).join(', ')}</Fact>
    </>
  );
}

function contentWords(detected: DetectedContent): string {
  switch (detected.kind) {
    case 'text':
      return `text, ${detected.encoding.toUpperCase()}`;
    case 'image':
      return `image, ${detected.mediaType}`;
    case 'pe':
      return `${detected.library ? 'library' : 'program'} for Windows${detected.managed ? ', .NET' : ''}`;
    case 'hive':
      return 'registry hive';
    case 'archive':
      return `archive, ${detected.format}`;
    case 'binary':
      return 'binary data';
    case 'empty':
      return 'nothing: the file is empty';
  }
}
