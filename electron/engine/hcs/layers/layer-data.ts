import type { LayerDescriptor } from '../../win32/layer-parameters.ts';

/** A layer as HCS documents name it (HCS schema: Layer). */
export interface LayerDocument {
  readonly Id: string;
  readonly Path: string;
}

export const schemaVersion = { Major: 2, Minor: 1 } as const;

export function layerDocuments(parentsNearestFirst: readonly LayerDescriptor[]): LayerDocument[] {
  return parentsNearestFirst.map(({ layerGuid, path }) => ({ Id: layerGuid, Path: path }));
}

/** LayerData (HCS schema), as computestorage's functions take it. `Layers` is left out where it would be empty. */
export function layerData(parentsNearestFirst: readonly LayerDescriptor[]): string {
  return JSON.stringify({
    SchemaVersion: schemaVersion,
    ...(parentsNearestFirst.length === 0 ? {} : { Layers: layerDocuments(parentsNearestFirst) }),
  });
}
