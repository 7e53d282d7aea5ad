/** An entry of a chain of layers: entry `entryNumber` of layer `layerIndex`, base first from 0. */
export interface EntryAt {
  readonly layerIndex: number;
  readonly entryNumber: number;
}
