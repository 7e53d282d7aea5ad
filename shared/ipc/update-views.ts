/** Why this copy of the app does not look for updates. */
export type NoUpdates =
  /** It runs from sources, in a browser, or came as an archive. */
  | 'not-installed'
  /** It was packaged without an address for updates. */
  | 'no-address'
  /** It was packaged without the name of who signs, so that nothing could be checked. */
  | 'not-signed'
  /** Whoever manages this machine has turned updates off. */
  | 'policy';

/** Where an update of the app is. */
export type UpdateView =
  | { readonly kind: 'off'; readonly reason: NoUpdates }
  /** Nothing newer, or not asked yet; `checkedAt` in ms since 1970. */
  | { readonly kind: 'none'; readonly checkedAt?: number }
  | { readonly kind: 'checking' }
  | { readonly kind: 'available'; readonly version: string }
  /** `percent` from 0 to 100. */
  | { readonly kind: 'downloading'; readonly version: string; readonly percent: number }
  /** Downloaded and checked; installing ends the app and starts it anew. */
  | { readonly kind: 'ready'; readonly version: string }
  | { readonly kind: 'failed'; readonly problem: string };
