import { useEffect, useRef, useState } from 'react';
import type { ChainLinkView, ImageDetail } from '../../../shared/ipc/image-views.ts';
import { useApp } from '../../app/context.tsx';
import { Button } from '../../components/button.tsx';
import { CopyButton } from '../../components/digest.tsx';
import { formatBytes } from '../../components/format.ts';
import { visible, visibleLines } from '../../components/visible.ts';
import { instructionOf, originWords, shortReference } from './chain-words.ts';
import { Fact, Facts, TimeFact } from './facts.tsx';
import { configFacts } from './image-config.ts';
import type { Inspected } from './inspected.ts';
import { MasterDetail } from './master-detail.tsx';
import { Segments } from './segments.tsx';
import './metadata-tab.css';

export interface MetadataTabProps extends Inspected {
  readonly detail: ImageDetail | undefined;
}

const forms = [
  { value: 'facts', label: 'In words' },
  { value: 'config', label: 'Config JSON' },
  { value: 'manifest', label: 'Manifest JSON' },
] as const;

/** Every instruction of the image, also those that change no files, and what its config says. */
export function MetadataTab(props: MetadataTabProps) {
  const { detail } = props;
  if (detail === undefined) return null;
  return (
    <MasterDetail
      layout="metadata"
      list={<Instructions {...props} detail={detail} />}
      label="Config of the image"
      detail={<Config detail={detail} />}
      detailSize={46}
    />
  );
}

function Instructions(props: MetadataTabProps & { readonly detail: ImageDetail }) {
  const { detail, state, selected } = props;
  const { reference } = detail.summary;
  const pointed = state.instruction?.reference === reference ? state.instruction : undefined;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls
    <div className="instructions" role="region" aria-label="Instructions" tabIndex={0}>
      <ol aria-label="Instructions, base first">
        {detail.links.map(link => (
          <Instruction
            key={link.position}
            link={link}
            pointed={pointed?.position === link.position ? pointed : undefined}
            isSelected={link.layer?.layerIndex === selected.at.layerIndex}
            onLayer={layerIndex => state.select({ reference, layerIndex })}
          />
        ))}
      </ol>
    </div>
  );
}

interface InstructionProps {
  readonly link: ChainLinkView;
  /** Present where it is pointed out, another object for each time. */
  readonly pointed: object | undefined;
  readonly isSelected: boolean;
  readonly onLayer: (layerIndex: number) => void;
}

function Instruction({ link, pointed, isSelected, onLayer }: InstructionProps) {
  const { navigate } = useApp();
  const item = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (pointed === undefined) return;
    item.current?.scrollIntoView({ block: 'nearest' });
    item.current?.focus({ preventScroll: true });
  }, [pointed]);
  const { keyword, text } = instructionOf(link.createdBy);
  const { layer, dockerfileLine: line } = link;
  const at = { line: line ?? 0, character: 0 };
  return (
    <li
      ref={item}
      tabIndex={-1}
      className={`instruction ${layer === undefined ? '' : `origin--${layer.origin}`}`}
      aria-current={pointed !== undefined || isSelected ? 'true' : undefined}
    >
      <span className="instruction__mark" aria-hidden="true" />
      <code className="instruction__text">
        {keyword !== '' && <b>{keyword} </b>}
        {text || <span className="muted">no instruction on record</span>}
      </code>
      <span className="instruction__foot muted">
        {layer === undefined ? (
          'changes no files'
        ) : (
          <Button size="small" onClick={() => onLayer(layer.layerIndex)}>
            Layer {layer.layerIndex}, {originWords[layer.origin]},{' '}
            {formatBytes(layer.compressedSize)}
          </Button>
        )}
        {line !== undefined && (
          <Button size="small" onClick={() => navigate.openEditorAt({ start: at, end: at })}>
            Dockerfile line {line + 1}
          </Button>
        )}
        {hasComment(link) && <span>{visible(link.comment ?? '')}</span>}
      </span>
    </li>
  );
}

/** Builders leave a mark in every entry, which says nothing of this one. */
function hasComment({ comment = '' }: ChainLinkView): boolean {
  return comment !== '' && !/^[a-z]+\.dockerfile\.v0$/.test(comment);
}

function Config({ detail }: { readonly detail: ImageDetail }) {
  const [form, setForm] = useState<(typeof forms)[number]['value']>('facts');
  const { summary, configJson, manifestJson } = detail;
  const text = form === 'manifest' ? manifestJson : configJson;
  return (
    <>
      <h3 className="entry__title">{shortReference(summary.reference)}</h3>
      <div className="entry__bar">
        <Segments label="Show the metadata" value={form} options={forms} onValueChange={setForm} />
        {form !== 'facts' && <CopyButton text={text} what={form} />}
      </div>
      {form === 'facts' ? (
        <Facts>
          <Fact name="Manifest">
            <code>{summary.manifestDigest}</code>{' '}
            <CopyButton text={summary.manifestDigest} what="manifest digest" />
          </Fact>
          {configFacts(configJson).map(({ name, values }) =>
            name === 'Created' ? (
              <TimeFact key={name} name={name} time={values[0]} />
            ) : (
              <Fact key={name} name={name}>
                {values.map(value => (
                  <code key={value} className="config-value">
                    {visible(value)}
                  </code>
                ))}
              </Fact>
            ),
          )}
        </Facts>
      ) : (
        <pre className="document">{visibleLines(text)}</pre>
      )}
    </>
  );
}
