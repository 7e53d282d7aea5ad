import type { Bytes } from '../content/bytes.ts';

/** How far the transfer of one blob is, in bytes. A blob that was there already is told once, complete. */
export interface TransferProgress {
  /** The digest. */
  readonly blob: string;
  readonly current: number;
  readonly total: number;
}
export type OnProgress = (progress: TransferProgress) => void;

/** Passes `content` of `total` bytes on and tells how much has passed. */
export async function* counted(
  { blob, total }: Omit<TransferProgress, 'current'>,
  content: Bytes,
  onProgress?: OnProgress,
): Bytes {
  let current = 0;
  for await (const chunk of content) {
    yield chunk;
    current += chunk.byteLength;
    onProgress?.({ blob, current, total });
  }
}
