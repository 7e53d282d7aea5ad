import type { KeyboardEvent } from 'react';

/** Which arrow keys move along the group. */
export type Orientation = 'horizontal' | 'vertical';

const keysOf = {
  horizontal: { next: 'ArrowRight', previous: 'ArrowLeft' },
  vertical: { next: 'ArrowDown', previous: 'ArrowUp' },
} as const;

/** The index to go to for a key in a group of `count`, round the ends; undefined where the key means nothing. */
export function rovingTarget(
  key: string,
  current: number,
  count: number,
  orientation: Orientation,
): number | undefined {
  if (count === 0) return undefined;
  const { next, previous } = keysOf[orientation];
  switch (key) {
    case next:
      return (current + 1) % count;
    case previous:
      return (current - 1 + count) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}

/**
 * Moves the focus among the elements of a composite widget that match `selector` (WAI-ARIA, "roving tabindex").
 * Gives the element that now has the focus. Keys typed into a text field or select stay with it.
 */
export function moveFocus(
  event: KeyboardEvent<HTMLElement>,
  selector: string,
  orientation: Orientation,
): HTMLElement | undefined {
  if (event.target instanceof Element && event.target.matches('input, select, textarea')) {
    return undefined;
  }
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>(selector)];
  const current = items.findIndex(item => item === document.activeElement);
  const target = items[rovingTarget(event.key, current, items.length, orientation) ?? -1];
  if (target === undefined) return undefined;
  event.preventDefault();
  target.focus();
  return target;
}
