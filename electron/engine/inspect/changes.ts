import type { ChangeKind } from '../../../shared/ipc/image-views.ts';

const changeOrder = ['added', 'modified', 'deleted', 'metadata', 'unchanged'] as const;

/** Position of a change in the order in which people want to see them. */
export function changeRank(change: ChangeKind): number {
  return changeOrder.indexOf(change);
}

/** One bit for each kind of change. */
export function changeBit(change: ChangeKind): number {
  return 1 << changeRank(change);
}

/** The bits of the wanted changes; all of them if nothing is said. */
export function changeMask(changes: readonly ChangeKind[] | undefined): number {
  if (!changes || changes.length === 0) return -1;
  return changes.reduce((mask, change) => mask | changeBit(change), 0);
}
