import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import type { HiveKey } from '../../../../electron/engine/hive/hive-reader.ts';
import { valueTypes } from '../../../../electron/engine/hive/hive-value.ts';

/** Every key by path (`\a\b`), with its values as `type:data`. */
export type Listing = Record<string, Record<string, string>>;

function run(program: string, args: readonly string[]): string {
  // Perl would write names in Latin-1 where they fit.
  const env = { ...process.env, PERL_UNICODE: 'SO' };
  return execFileSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 28, stdio: 'pipe', env });
}

/** Long data by its hash, so that a failed test can be read. */
function listed(type: number, data: Uint8Array): string {
  if (data.length <= 100) return `${type}:${Buffer.from(data).toString('hex')}`;
  return `${type}:${data.length} bytes ${createHash('sha256').update(data).digest('hex')}`;
}

/** What hivex's hivexregedit says is in a hive, type and bytes of every value. */
export function listedByHivex(path: string): Listing {
  const listing: Listing = {};
  let values: Record<string, string> = {};
  for (const line of run('hivexregedit', ['--export', path, '\\']).split('\n').slice(1)) {
    const key = /^\[(.*)\]$/.exec(line)?.[1];
    if (key !== undefined) {
      values = {};
      listing[key] = values;
    }
    const [, quoted, kind, data] =
      /^(@|".*?(?<!\\)")=(dword|hex\([0-9a-f]+\)):(.*)$/.exec(line) ?? [];
    if (quoted === undefined) continue;
    const name =
      quoted === '@' ? '' : quoted.slice(1, -1).replaceAll('\\"', '"').replaceAll('\\\\', '\\');
    const bytes = Buffer.from((data ?? '').replaceAll(',', ''), 'hex');
    const type = Number.parseInt(kind?.slice('hex('.length) ?? '', 16);
    values[name] = kind === 'dword' ? listed(4, bytes.reverse()) : listed(type, bytes);
  }
  return listing;
}

/** What we read in a hive. */
export function listedByUs(root: HiveKey): Listing {
  const listing: Listing = {};
  walk(root, '', (path, key) => {
    listing[path === '' ? '\\' : path] = Object.fromEntries(
      key.values().map(value => {
        const { data } = value.read();
        return [value.name, listed(value.type, data)];
      }),
    );
  });
  return listing;
}

// hivexml opens /dev/stdout, which works on a pipe but not on the socket that Node hands to a child.
/** The last change of every key in whole seconds, as hivexml has it. */
export function timesByHivex(path: string): Record<string, string> {
  const times: Record<string, string> = {};
  const names: string[] = [];
  const tokens = /<node name="([^"]*)"[^>]*?(\/?)>|<\/node>|<mtime>([^<]*)<\/mtime>/g;
  for (const [token, name, , time] of run('sh', ['-c', 'hivexml "$0" | cat', path]).matchAll(
    tokens,
  )) {
    if (token === '</node>') names.pop();
    else if (name !== undefined) names.push(unescapeXml(name));
    else if (names.length > 0)
      times[
        names
          .slice(1)
          .map(part => `\\${part}`)
          .join('')
      ] = time ?? '';
  }
  return times;
}

export function timesByUs(root: HiveKey): Record<string, string> {
  const times: Record<string, string> = {};
  walk(root, '', (path, key) => {
    // hivex has no time where the FILETIME is zero.
    const isZero = key.modified === -11_644_473_600_000_000_000n;
    if (!isZero)
      times[path] = new Date(Number(key.modified / 1_000_000n)).toISOString().replace(/\.\d+/, '');
  });
  return times;
}

/** Types of values by path, as reglookup names them. */
export function typesByReglookup(path: string): string[] {
  return run('reglookup', [path])
    .split('\n')
    .slice(1)
    .flatMap(line => {
      const [, type] = line.split(',');
      return type === undefined || type === 'KEY' ? [] : [type];
    })
    .sort();
}

export function typesByUs(root: HiveKey): string[] {
  const names = new Map<number, string>([
    [valueTypes.none, 'NONE'],
    [valueTypes.sz, 'SZ'],
    [valueTypes.expandSz, 'EXPAND_SZ'],
    [valueTypes.binary, 'BINARY'],
    [valueTypes.dword, 'DWORD'],
    [valueTypes.multiSz, 'MULTI_SZ'],
    [valueTypes.qword, 'QWORD'],
    [valueTypes.resourceList, 'RSRC_LIST'],
  ]);
  const types: string[] = [];
  walk(root, '', (_, key) => {
    for (const value of key.values()) types.push(names.get(value.type) ?? hexType(value.type));
  });
  return types.sort();
}

/** As reglookup writes a type without a name. */
function hexType(type: number): string {
  return `0x${type.toString(16).toUpperCase().padStart(8, '0')}`;
}

/** Visits every key and reads everything of it. */
export function walk(
  key: HiveKey,
  path: string,
  visit: (path: string, key: HiveKey) => void,
): void {
  visit(path, key);
  for (const subkey of key.subkeys()) walk(subkey, `${path}\\${subkey.name}`, visit);
}

function unescapeXml(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll(/&#x([0-9A-Fa-f]+);/g, (_, hex: string) =>
      String.fromCodePoint(Number.parseInt(hex, 16)),
    )
    .replaceAll('&amp;', '&');
}
