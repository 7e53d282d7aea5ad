import { join } from 'node:path';
import { isDigest, shortDigest, type Digest } from '../../../shared/oci/digest.ts';
import type { Holding, HoldingProvider } from '../content/holding.ts';
import { forgetDownload, keptFor } from '../content/partial-downloads.ts';
import { entriesIn } from './folders.ts';

const lockSuffix = '.lock.sqlite';

/** Downloads that were cut off. Those of the last week wait for someone who goes on with them. */
export function downloadHoldings(storeDir: string, now: () => number = Date.now): HoldingProvider {
  return {
    async list(signal) {
      const holdings = new Map<Digest, Holding>();
      for (const entry of await entriesIn(join(storeDir, 'downloads'), signal)) {
        const isLock = entry.name.endsWith(lockSuffix);
        const digest = `sha256:${isLock ? entry.name.slice(0, -lockSuffix.length) : entry.name}`;
        if (!isDigest(digest) || (isLock && holdings.has(digest))) continue;
        const isRecent = !isLock && now() - entry.writtenAt < keptFor;
        holdings.set(digest, {
          kind: 'downloads',
          holdingId: digest,
          title: `part of ${shortDigest(digest)}`,
          bytes: entry.bytes,
          lastUsedAt: entry.writtenAt,
          ...(isRecent ? {} : { unused: true }),
        });
      }
      return [...holdings.values()];
    },
    async remove(holdings) {
      for (const { holdingId } of holdings) {
        if (isDigest(holdingId)) await forgetDownload(storeDir, holdingId);
      }
    },
  };
}
