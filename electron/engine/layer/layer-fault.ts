import { AppError } from '../../../shared/failure.ts';

/** Makes the failure for a layer that cannot be read; `offset` is in bytes of the uncompressed tar. */
export type LayerFault = (problem: string, offset: number, entry?: string) => AppError;

/** The failures of the layer `digest`. */
export function layerFault(digest: string): LayerFault {
  return (problem, offset, entry = '') =>
    new AppError({ code: 'layer-malformed', digest, offset, entry, problem });
}
