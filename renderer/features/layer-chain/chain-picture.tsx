import { Share2, TriangleAlert } from 'lucide-react';
import { useEffect, useRef, type KeyboardEvent } from 'react';
import { classNames } from '../../components/class-names.ts';
import { formatBytes, formatPlural } from '../../components/format.ts';
import { VisuallyHidden } from '../../components/visually-hidden.tsx';
import { rem } from './chain-units.ts';
import { MarkGroups } from './chain-marks.tsx';
import { blockHeight, chainMove, type ChainBlock, type ChainLayout } from './chain-layout.ts';
import {
  instructionOf,
  instructionText,
  nameOf,
  originWords,
  shortReference,
} from './chain-words.ts';

export interface ChainPictureProps {
  readonly layout: ChainLayout;
  readonly selectedKey: string | undefined;
  /** The layer that the selected one is compared with. */
  readonly comparedKey: string | undefined;
  readonly onSelect: (block: ChainBlock) => void;
  readonly onCompare: (block: ChainBlock) => void;
  /** Shows an instruction that changes no files, by its place in the history of its image. */
  readonly onInstruction: (reference: string, position: number) => void;
}

/** The chains as a picture: one stop for Tab, arrows go along it, Enter selects, Shift+Enter compares. */
export function ChainPicture({ layout, ...props }: ChainPictureProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const selected = list.current?.querySelector('.chain-block--selected');
    selected?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    // oxlint-disable-next-line react/exhaustive-deps -- the one that is selected comes into view when it is another
  }, [props.selectedKey]);
  const stopKey = props.selectedKey ?? layout.blocks[0]?.key;
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const focused = document.activeElement?.getAttribute('data-key') ?? undefined;
    const current = layout.blocks.find(({ key }) => key === focused);
    if (event.key === 'Enter' && event.shiftKey && current !== undefined) {
      event.preventDefault();
      props.onCompare(current);
      return;
    }
    const block = chainMove(layout, focused, event.key);
    if (block === undefined) return;
    event.preventDefault();
    const target = [...(list.current?.querySelectorAll<HTMLElement>('[data-key]') ?? [])].find(
      element => element.dataset['key'] === block.key,
    );
    target?.focus();
    target?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  };
  return (
    <div className="chain-picture">
      <div
        className="chain-picture__sheet"
        style={{ width: rem(layout.width), height: rem(layout.height) }}
      >
        <svg
          className="chain-picture__edges"
          viewBox={`0 0 ${layout.width} ${layout.height}`}
          aria-hidden="true"
        >
          {layout.edges.map(({ key, path, origin }) => (
            <path key={key} d={path} className={origin && `origin--${origin}`} />
          ))}
        </svg>
        <MarkGroups marks={layout.marks} onInstruction={props.onInstruction} />
        <div
          ref={list}
          role="listbox"
          aria-label="Layers, base first"
          aria-orientation="horizontal"
          aria-multiselectable="true"
          tabIndex={-1}
          onKeyDown={onKeyDown}
        >
          {layout.blocks.map(block => (
            <Block key={block.key} {...props} block={block} isStop={block.key === stopKey} />
          ))}
        </div>
        {layout.ends.map(({ reference, size, x, y }) => (
          <span
            key={reference}
            className="chain-end"
            style={{ left: rem(x), top: rem(y) }}
            data-tooltip={shortReference(reference)}
          >
            <span className="truncate">{nameOf(reference)}</span>{' '}
            <span className="muted numeric">{formatBytes(size)}</span>
          </span>
        ))}
      </div>
    </div>
  );
}

interface BlockProps extends Omit<ChainPictureProps, 'layout' | 'onInstruction'> {
  readonly block: ChainBlock;
  readonly isStop: boolean;
}

function Block({ block, isStop, selectedKey, comparedKey, onSelect, onCompare }: BlockProps) {
  const { layer, link, key } = block;
  const { keyword, text } = instructionOf(link.createdBy);
  const isSelected = key === selectedKey;
  const isCompared = key === comparedKey;
  return (
    <button
      type="button"
      role="option"
      data-key={key}
      tabIndex={isStop ? 0 : -1}
      aria-selected={isSelected || isCompared}
      className={classNames(
        'chain-block',
        `origin--${layer.origin}`,
        isSelected && 'chain-block--selected',
        isCompared && 'chain-block--compared',
        layer.missing && 'chain-block--missing',
      )}
      style={{
        left: rem(block.x),
        top: rem(block.y),
        width: rem(block.width),
        height: rem(blockHeight),
      }}
      data-tooltip={instructionText(link.createdBy)}
      onClick={event => {
        if (event.shiftKey || event.ctrlKey || event.metaKey) onCompare(block);
        else onSelect(block);
      }}
    >
      <span className="chain-block__head">
        <span className="truncate">
          <VisuallyHidden>Layer {layer.layerIndex}, </VisuallyHidden>
          {originWords[layer.origin]}
          <VisuallyHidden>, </VisuallyHidden>
        </span>
        <span className="chain-block__icons">
          {layer.missing && <TriangleAlert aria-hidden="true" />}
          {layer.sharedWith.length > 0 && <Share2 aria-hidden="true" />}
        </span>
      </span>
      <span className="chain-block__instruction mono">
        {keyword !== '' && <b>{keyword} </b>}
        {text}
        <VisuallyHidden>, </VisuallyHidden>
      </span>
      <span className="chain-block__foot">
        <span>{formatBytes(layer.compressedSize)}</span>
        <VisuallyHidden>, </VisuallyHidden>
        {link.dockerfileLine !== undefined && (
          <span className="muted">line {link.dockerfileLine + 1}</span>
        )}
      </span>
      <VisuallyHidden>{hiddenWords(block, isCompared)}</VisuallyHidden>
    </button>
  );
}

/** What the block shows by icons and lines only. */
function hiddenWords({ layer }: ChainBlock, isCompared: boolean): string {
  const others = formatPlural(layer.sharedWith.length, 'other image');
  return [
    layer.sharedWith.length === 0 ? '' : `, shared with ${others}`,
    layer.missing ? ', not held locally' : '',
    isCompared ? ', compared with the selected layer' : '',
  ].join('');
}
