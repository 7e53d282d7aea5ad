import type { StreamContent } from '../../../../../electron/engine/layer/backup/scan-streams.ts';

/** The content that lies in `bytes`, without the code under test. */
export function contentIn(bytes: Buffer, content: StreamContent): Buffer {
  const whole = Buffer.alloc(content.size);
  for (const { position, offset, size } of content.parts) {
    bytes.copy(whole, position, offset, offset + size);
  }
  return whole;
}
