/** Where links of the app lead. Anything else is not opened: a link may come from an image or a log. */
const hosts: ReadonlySet<string> = new Set([
  'learn.microsoft.com',
  'mcr.microsoft.com',
  'hub.docker.com',
  'docs.docker.com',
  'github.com',
  'opencontainers.org',
]);

/** Whether the browser may be asked to open an address. */
export function isExternalLink(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  const plain = url.username === '' && url.password === '' && url.port === '';
  return url.protocol === 'https:' && plain && hosts.has(url.hostname);
}
