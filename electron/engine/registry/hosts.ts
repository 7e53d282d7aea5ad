import { isIPv4 } from 'node:net';

/** Where a registry answers, as `host[:port]`: Docker Hub's API is not at the name that its references have. */
export function apiHost(registry: string): string {
  return registry === 'docker.io' || registry === 'index.docker.io'
    ? 'registry-1.docker.io'
    : registry;
}

/** Tells names and addresses of this machine: `localhost`, 127.0.0.0/8 and `[::1]`, with or without a port. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  if (name === 'localhost' || name.endsWith('.localhost')) return true;
  if (name === '[::1]' || name === '::1') return true;
  return isIPv4(name) && name.startsWith('127.');
}

/** A URL as it may be shown: without user, password, query and fragment, all of which may hold secrets. */
export function shownUrl(url: URL | string): string {
  if (!URL.canParse(String(url))) return 'an address that cannot be read';
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`.slice(0, 300);
}
