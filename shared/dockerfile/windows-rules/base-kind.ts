/** What a base image can do, as far as its name tells. */
export type BaseKind = 'nanoserver' | 'servercore' | 'server' | 'linux' | 'scratch' | 'unknown';

/** Images of Docker Hub that exist for Linux only. */
const linuxOnly: ReadonlySet<string> = new Set([
  'alpine',
  'almalinux',
  'amazonlinux',
  'archlinux',
  'busybox',
  'centos',
  'debian',
  'distroless',
  'fedora',
  'opensuse',
  'oraclelinux',
  'rockylinux',
  'ubuntu',
]);

/** Tells the kind of a base by its name, tag included: all of Microsoft's and Docker's images say it there. */
export function baseKindOf(reference: string): BaseKind {
  const text = reference.toLowerCase();
  if (text === 'scratch') return 'scratch';
  if (text.includes('nanoserver')) return 'nanoserver';
  if (/servercore|\/dotnet\/framework\//.test(text)) return 'servercore';
  if (/(?:^|\/)windows(?:\/server)?(?::|@|$)/.test(text)) return 'server';
  if (/-(?:alpine|bookworm|bullseye|jammy|noble|slim)\b/.test(text)) return 'linux';
  return linuxOnly.has(repositoryName(text)) ? 'linux' : 'unknown';
}

/** The last part of the repository: `debian` of `docker.io/library/debian:12`. */
function repositoryName(reference: string): string {
  const [name = ''] = reference.split('@');
  const [last = ''] = name.split('/').slice(-1);
  return last.split(':')[0] ?? '';
}

/** The channel or version of Windows that a tag names, such as `ltsc2022`, `1809` or `10.0.20348.2700`. */
export function osPartOf(reference: string): string | undefined {
  const tag = tagOf(reference);
  return /ltsc20\d\d|10\.0\.\d{5}(?:\.\d+)?|\b(?:1607|1709|1803|1809|1903|1909|2004|20h2|23h2)\b/i
    .exec(tag)?.[0]
    .toLowerCase();
}

/** The tag, without a digest; empty where there is none. */
export function tagOf(reference: string): string {
  const [name = ''] = reference.split('@');
  const colon = name.lastIndexOf(':');
  return colon > name.lastIndexOf('/') ? name.slice(colon + 1) : '';
}

/** The name without tag and digest. */
export function nameOf(reference: string): string {
  const [name = ''] = reference.split('@');
  const tag = tagOf(reference);
  return tag === '' ? name : name.slice(0, -tag.length - 1);
}
