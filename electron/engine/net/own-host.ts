import { isIP } from 'node:net';

/**
 * Tells whether a `Host` header names a server that listens on `host` (as it stands in a URL) and `port`.
 * A page of another site that has its name resolve to this machine (DNS rebinding) sends its own name
 * as Host. A server on all interfaces is reached by any address, but still by no other name.
 */
export function isOwnHost(header: string, host: string, port: number): boolean {
  const [, name = '', headerPort] = /^(\[[^\]]*\]|[^:]*):(\d+)$/.exec(header.toLowerCase()) ?? [];
  if (headerPort !== String(port)) return false;
  if (['127.0.0.1', '[::1]', 'localhost', host].includes(name)) return true;
  const everywhere = host === '0.0.0.0' || host === '[::]';
  return everywhere && isIP(name.replace(/^\[|\]$/g, '')) !== 0;
}
