import { refetchFrom } from '../../engine/storage/refetch.ts';
import { repairStore } from '../../engine/storage/repair.ts';
import { verifyStore } from '../../engine/storage/verify.ts';
import type { ConnectionFlags } from '../../engine/remote/connection-settings.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { createPainter } from '../progress/live-painter.ts';
import { actionLine, faultLine } from '../storage/words.ts';
import { counted, formatBytes, shortDigest } from '../text/units.ts';
import { connectStore } from './registries.ts';
import { withStore } from './store.ts';

export interface VerifyFlags {
  readonly deep?: boolean;
  readonly json?: boolean;
}

export interface RepairFlags extends VerifyFlags, ConnectionFlags {
  /** `--offline`. */
  readonly offline?: boolean;
}

/** `layerwright store verify`: hashes every blob again, and checks what points to what. */
export async function storageVerify(context: CommandContext, flags: VerifyFlags): Promise<number> {
  const { signal, terminal } = context;
  const { report } = await withStore(context, async store =>
    withProgress(context, 'Verifying', async onProgress =>
      verifyStore(store, { deep: flags.deep === true, onProgress, signal }),
    ),
  );
  const { checkedBlobs, checkedBytes, faults, images } = report;
  if (flags.json === true) terminal.json(report);
  else {
    for (const fault of faults) terminal.line(faultLine(fault));
    terminal.note(
      `checked ${counted(checkedBlobs, 'blob')} (${formatBytes(checkedBytes)}) and ${counted(images, 'image')}: ${
        faults.length === 0
          ? 'all is well'
          : `${counted(faults.length, 'fault')} (layerwright store repair)`
      }`,
    );
  }
  return faults.length === 0 ? exitCodes.ok : exitCodes.failed;
}

/** `layerwright store repair`: fetches what is damaged, or drops it. The exit code is 1 where an image was dropped. */
export async function storageRepair(context: CommandContext, flags: RepairFlags): Promise<number> {
  const { signal, terminal } = context;
  const report = await withStore(context, async store => {
    await using connection = await connectStore(context, store, flags);
    const refetch =
      flags.offline === true ? {} : { refetch: refetchFrom(connection.client, store) };
    return await withProgress(context, 'Verifying', async onProgress =>
      repairStore(store, {
        deep: flags.deep === true,
        ...refetch,
        onProgress,
        onFetch: ({ digest }) => terminal.note(`looking for ${shortDigest(digest)}`),
        signal,
      }),
    );
  });
  if (flags.json === true) terminal.json(report);
  else {
    for (const fault of report.found) terminal.note(faultLine(fault));
    for (const { digest, tried } of report.unfetched) {
      const where = tried.map(({ place, problem }) => `${place}: ${problem}`).join('; ');
      terminal.note(
        `no place has ${shortDigest(digest)}${where === '' ? ': none is known' : ` (${where})`}`,
      );
    }
    for (const action of report.actions) terminal.line(actionLine(action));
    terminal.note(report.found.length === 0 ? 'all is well; nothing was touched' : 'repaired');
  }
  const lost = report.actions.some(
    ({ kind }) => kind === 'name-dropped' || kind === 'image-removed' || kind === 'file-set-aside',
  );
  return lost ? exitCodes.failed : exitCodes.ok;
}

type OnProgress = (progress: { readonly current: number; readonly total: number }) => void;

/** Shows how far the hashing is, where a line can be redrawn. */
async function withProgress<T>(
  { terminal }: CommandContext,
  title: string,
  work: (onProgress: OnProgress) => Promise<T>,
): Promise<T> {
  if (!terminal.view.live) return await work(() => undefined);
  let line = title;
  const painter = createPainter(terminal, () => [line]);
  try {
    return await work(({ current, total }) => {
      const percent = total === 0 ? 100 : Math.floor((100 * current) / total);
      line = `${title} ${percent} %  ${formatBytes(current)} of ${formatBytes(total)}`;
    });
  } finally {
    painter.end();
  }
}
