import { createRequire } from 'node:module';
import type * as Koffi from 'koffi';

export type KoffiApi = typeof Koffi;
/** A type as koffi's functions take it: a name, or what its functions for types give. */
export type KoffiType = string | Koffi.TypeObject | ReturnType<KoffiApi['out']>;

let loaded: KoffiApi | undefined;

/** The native module that calls DLLs. Loaded when it is first needed, so that the app starts without it. */
export function koffi(): KoffiApi {
  loaded ??= createRequire(import.meta.url)('koffi') as KoffiApi;
  return loaded;
}

/** A type that is made once, when it is first needed, so that naming it does not load koffi. */
export function once(make: () => KoffiType): () => KoffiType {
  let made: KoffiType | undefined;
  return () => (made ??= make());
}
