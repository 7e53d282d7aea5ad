import { useEffect, useRef, useState } from 'react';
import type { TreemapCell } from '../../../shared/ipc/image-views.ts';
import { classNames } from '../../components/class-names.ts';
import { formatBytes, formatPlural } from '../../components/format.ts';
import { moveFocus } from '../../components/roving.ts';
import { VisuallyHidden } from '../../components/visually-hidden.tsx';
import { visible } from '../../components/visible.ts';
import { changeWords } from './chain-words.ts';
import { pathSteps, placeCells, type PlacedCell } from './treemap-layout.ts';

export interface Drill {
  readonly directory: string;
  readonly onDirectory: (directory: string) => void;
}

export interface TreemapProps extends Drill {
  readonly cells: readonly TreemapCell[];
  readonly inside: ReadonlyMap<string, readonly TreemapCell[]>;
}

/** The name of a cell; of what stands for many, how many. */
export function cellName({ name, directory, rest }: TreemapCell): string {
  if (rest !== undefined) return formatPlural(rest, 'smaller one');
  return directory ? `${visible(name)}/` : visible(name);
}

/** Sizes as areas. One stop for Tab: arrows go from cell to cell, Enter goes into a folder, Backspace out. */
export function Treemap({ cells, inside, directory, onDirectory }: TreemapProps) {
  const { box, ...size } = useBoxSize();
  const placed = placeCells(cells, size, inside);
  return (
    <div
      ref={box}
      role="listbox"
      aria-label="Treemap by size"
      tabIndex={-1}
      className="treemap"
      onKeyDown={event => {
        if (event.key === 'Backspace') onDirectory(pathSteps(directory).at(-2)?.path ?? '');
        else if (moveFocus(event, '[role=option]', 'horizontal') === undefined)
          moveFocus(event, '[role=option]', 'vertical');
      }}
    >
      {placed.map((place, index) => (
        <Cell
          key={index}
          place={place}
          isStop={index === 0}
          onOpen={() => place.cell.directory && onDirectory(place.cell.path)}
        />
      ))}
    </div>
  );
}

interface CellProps {
  readonly place: PlacedCell;
  readonly isStop: boolean;
  readonly onOpen: () => void;
}

function Cell({ place, isStop, onOpen }: CellProps) {
  const { cell, x, y, width, height, isFrame } = place;
  const hasName = width > 40 && height > 17;
  const name = cellName(cell);
  const { glyph, label, tone } = changeWords[cell.change];
  return (
    <button
      type="button"
      role="option"
      aria-selected={false}
      tabIndex={isStop ? 0 : -1}
      className={classNames(
        'treemap__cell',
        `treemap__cell--${tone}`,
        cell.directory && 'treemap__cell--directory',
        isFrame && 'treemap__cell--frame',
      )}
      style={{ left: x, top: y, width, height }}
      data-tooltip={`${name}, ${formatBytes(cell.size)}, ${label}`}
      onClick={onOpen}
    >
      <span className={hasName ? 'truncate' : 'visually-hidden'}>
        <span aria-hidden="true">{glyph} </span>
        {name}
      </span>
      <VisuallyHidden>, </VisuallyHidden>
      <span className={hasName && (isFrame || height > 36) ? 'truncate' : 'visually-hidden'}>
        {formatBytes(cell.size)}
      </span>
      <VisuallyHidden>, {label}</VisuallyHidden>
    </button>
  );
}

/** The size of an element in px, as it changes. */
function useBoxSize() {
  const box = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    if (box.current === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setSize({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  return { box, ...size };
}
