import type { RunOptions } from '../../../../../shared/ipc/build-request.ts';
import type { Platform } from '../../../../../shared/oci/descriptor.ts';
import type { IsolationDecision } from '../../../../../shared/windows/isolation.ts';
import type { ChainStore } from '../../../hcs/chain/chain.ts';
import type { WindowsHost } from '../../../hcs/host.ts';
import type { Bytes } from '../../../content/bytes.ts';
import type { LayerEntry } from '../../../layer/entry.ts';

/** What stands in the way of running containers, and what to do about it. Both are sentences. */
export interface HcsProblem {
  readonly problem: string;
  readonly remedy?: string;
}

/** This machine, as far as the hcs backend is concerned. Asking changes nothing and loads nothing for good. */
export interface HcsSupport {
  /** Empty where containers can run here. */
  problems(): readonly HcsProblem[];
  /** How a container of an image runs here. Fails where it cannot in the wanted way. */
  isolation(image: Platform, wanted: RunOptions['isolation']): IsolationDecision;
  /** Loads what runs containers; fails where it is not there. */
  open(): HcsEngine;
}

/** What runs containers and takes their layers. */
export interface HcsEngine {
  readonly host: WindowsHost;
  readonly chains: ChainStore;
  /** The entries of what `exportLayer` wrote, in the order of a layer tar. Each content must be read before the next. */
  readExport(
    stagedDir: string,
    signal?: AbortSignal,
  ): AsyncIterable<{ readonly entry: LayerEntry; readonly content?: Bytes }>;
  /** In which programs write that know no better: the OEM code page of Windows. */
  readonly codePage: number;
}
