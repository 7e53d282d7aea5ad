import { useState, type KeyboardEvent } from 'react';
import { cursorTarget } from '../../components/cursor-target.ts';

interface Selected {
  readonly of: string;
  readonly from: number;
  readonly at: number;
}

/** The rows that are selected, from the one that was clicked to the one at the cursor. `of` names what the rows count in. */
export function useLineSelection(of: string) {
  const [kept, setKept] = useState<Selected>();
  const selected = kept?.of === of ? kept : undefined;
  const range =
    selected &&
    ([Math.min(selected.from, selected.at), Math.max(selected.from, selected.at) + 1] as const);
  const move = (at: number, extend: boolean): void => {
    setKept({ of, at, from: extend ? (selected?.from ?? at) : at });
  };
  return {
    /** First row and the one behind the last. */
    range,
    at: selected?.at,
    has: (row: number): boolean => range !== undefined && row >= range[0] && row < range[1],
    rangeOr: (row: number): readonly [number, number] =>
      range !== undefined && row >= range[0] && row < range[1] ? range : [row, row + 1],
    click(row: number | undefined, extend: boolean): void {
      if (row !== undefined) move(row, extend);
    },
    /** Moves the cursor by a key; gives its row, or undefined where the key means nothing. */
    key(event: KeyboardEvent<HTMLElement>, count: number, page: number): number | undefined {
      const at = cursorTarget(event.key, selected?.at, { count, page });
      if (at === undefined || count === 0) return undefined;
      move(at, event.shiftKey);
      return at;
    },
  };
}
