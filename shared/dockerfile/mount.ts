import type { SourceRange } from '../source-range.ts';
import type { Flag, MountField, MountFlag } from './ast.ts';
import { didYouMean } from './suggest.ts';

/** One `--mount` of RUN with its values. Targets and sources are as written, not resolved. */
export type Mount =
  | {
      readonly type: 'bind';
      readonly from?: string;
      readonly source: string;
      readonly target: string;
      readonly readOnly: boolean;
    }
  | {
      readonly type: 'cache';
      readonly from?: string;
      readonly source: string;
      readonly target: string;
      readonly readOnly: boolean;
      /** By default the target. */
      readonly cacheId: string;
      readonly sharing: 'shared' | 'private' | 'locked';
    }
  /** `size` in bytes; 0 is no limit. */
  | { readonly type: 'tmpfs'; readonly target: string; readonly size: number }
  | {
      readonly type: 'secret';
      readonly secretId: string;
      readonly target?: string;
      /** Name of the variable that holds the secret; empty is the secret's own name. */
      readonly env?: string;
      readonly required: boolean;
    }
  | {
      readonly type: 'ssh';
      readonly socketId: string;
      readonly target?: string;
      readonly required: boolean;
    };

export type MountResult =
  | { readonly ok: true; readonly mount: Mount }
  | { readonly ok: false; readonly problem: string; readonly range: SourceRange };

const mountTypes = ['bind', 'cache', 'tmpfs', 'secret', 'ssh'] as const;
type MountType = (typeof mountTypes)[number];

/** Other names of a key, and for each key the types that take it (Dockerfile reference, "RUN --mount"). */
const aliases: Readonly<Record<string, string>> = {
  src: 'source',
  dst: 'target',
  destination: 'target',
  ro: 'readonly',
  rw: 'readwrite',
};
const keyTypes: Readonly<Record<string, readonly MountType[]>> = {
  type: mountTypes,
  from: ['bind', 'cache', 'tmpfs', 'ssh'],
  source: mountTypes,
  target: mountTypes,
  readonly: mountTypes,
  readwrite: mountTypes,
  id: mountTypes,
  env: mountTypes,
  sharing: ['cache'],
  size: ['tmpfs'],
  required: ['secret', 'ssh'],
  mode: ['cache', 'secret', 'ssh'],
  uid: ['cache', 'secret', 'ssh'],
  gid: ['cache', 'secret', 'ssh'],
};
const bareKeys = ['readonly', 'readwrite', 'required'];

/** Splits a `--mount` flag at its commas; a field in double quotes may hold commas (CSV). */
export function readMountFlag(flag: Flag): MountFlag {
  const text = flag.value ?? '';
  const fields: MountField[] = [];
  for (const { start, end } of csvFields(text)) {
    const field = text.slice(start, end).replace(/^"|"$/g, '').replaceAll('""', '"');
    const range = inFlag(flag, start, end);
    const equals = field.indexOf('=');
    const written = (equals < 0 ? field : field.slice(0, equals)).toLowerCase();
    const key = aliases[written] ?? written;
    fields.push({
      key,
      range,
      ...(equals >= 0 && { value: { text: field.slice(equals + 1), range } }),
    });
  }
  return { fields, range: flag.range };
}

function csvFields(text: string): { start: number; end: number }[] {
  const fields: { start: number; end: number }[] = [];
  let start = 0;
  let quoted = false;
  for (let at = 0; at <= text.length; at++) {
    if (text[at] === '"') quoted = !quoted;
    if (at < text.length && (text[at] !== ',' || quoted)) continue;
    fields.push({ start, end: at });
    start = at + 1;
  }
  return fields;
}

/** The field's own place, where the flag stands on one line without quotes; else the whole flag. */
function inFlag(flag: Flag, start: number, end: number): SourceRange {
  const { start: from, end: to } = flag.valueRange;
  if (from.line !== to.line || to.character - from.character !== flag.value?.length)
    return flag.range;
  return {
    start: { line: from.line, character: from.character + start },
    end: { line: from.line, character: from.character + end },
  };
}

/** Reads the fields of one mount, whose values are expanded already. */
export function resolveMount(flag: MountFlag): MountResult {
  const values = new Map<string, string>();
  let type: MountType = 'bind';
  for (const field of flag.fields) {
    const problem = fieldProblem(field, type);
    if (problem !== undefined) return { ok: false, problem, range: field.range };
    const value = field.value?.text ?? 'true';
    if (field.key === 'type') type = value.toLowerCase() as MountType;
    values.set(field.key, value);
  }
  const problem = mountProblem(type, values);
  return problem === undefined
    ? { ok: true, mount: mountOf(type, values) }
    : { ok: false, problem, range: flag.range };
}

function fieldProblem(field: MountField, type: MountType): string | undefined {
  const { key, value } = field;
  const types = Object.hasOwn(keyTypes, key) ? keyTypes[key] : undefined;
  if (types === undefined) {
    return `RUN --mount has no option ${key === '' ? 'without a name' : key}.${didYouMean(key, Object.keys(keyTypes))}`;
  }
  if (value === undefined && !bareKeys.includes(key))
    return `The mount option ${key} needs a value: ${key}=<value>.`;
  const known =
    types.length === mountTypes.length ||
    key === 'from' ||
    key === 'sharing' ||
    types.includes(type);
  if (!known)
    return `The mount option ${key} is not allowed with type=${type}, only with ${types.join(', ')}.`;
  return value === undefined ? undefined : valueProblem(key, value.text);
}

const valueRules: Readonly<Record<string, { readonly test: RegExp; readonly wanted: string }>> = {
  type: { test: /^(?:bind|cache|tmpfs|secret|ssh)$/i, wanted: 'bind, cache, tmpfs, secret or ssh' },
  sharing: { test: /^(?:shared|private|locked)$/i, wanted: 'shared, private or locked' },
  readonly: { test: /^(?:1|0|t|f|true|false)$/i, wanted: 'true or false' },
  readwrite: { test: /^(?:1|0|t|f|true|false)$/i, wanted: 'true or false' },
  required: { test: /^(?:1|0|t|f|true|false)$/i, wanted: 'true or false' },
  mode: { test: /^[0-7]{1,10}$/, wanted: 'an octal number such as 0400' },
  uid: { test: /^\d{1,10}$/, wanted: 'a number' },
  gid: { test: /^\d{1,10}$/, wanted: 'a number' },
  size: { test: /^\d+(?:\.\d+)?\s*(?:[kmgtp]?(?:i?b)?)$/i, wanted: 'a size such as 512m or 1g' },
};

function valueProblem(key: string, value: string): string | undefined {
  const rule = Object.hasOwn(valueRules, key) ? valueRules[key] : undefined;
  if (rule === undefined || rule.test.test(value)) return undefined;
  return `The mount option ${key} must be ${rule.wanted}, not ${value === '' ? 'empty' : value}.`;
}

function mountProblem(type: MountType, values: ReadonlyMap<string, string>): string | undefined {
  if (values.has('sharing') && type !== 'cache')
    return 'The mount option sharing needs type=cache.';
  if (type === 'secret') return secretProblem(values);
  if (type !== 'ssh' && !values.get('target')) return `A ${type} mount needs target=<path>.`;
  return undefined;
}

function secretProblem(values: ReadonlyMap<string, string>): string | undefined {
  if (values.get('from')) return 'A secret mount takes no from.';
  const source = values.get('source');
  const secretId = values.get('id');
  if (source && secretId) return 'A secret mount takes id or source, not both.';
  if (!source && !secretId && !values.get('target'))
    return 'A secret mount needs id=<name> or target=<path>.';
  return undefined;
}

function mountOf(type: MountType, values: ReadonlyMap<string, string>): Mount {
  const get = (key: string): string => values.get(key) ?? '';
  const target = get('target');
  const optionalTarget = target === '' ? {} : { target };
  const from = get('from');
  const place = {
    ...(from !== '' && { from }),
    source: get('source'),
    target,
    readOnly: isReadOnly(type, values),
  };
  switch (type) {
    case 'bind':
      return { type, ...place };
    case 'cache': {
      const sharing = sharingOf(get('sharing').toLowerCase());
      return { type, ...place, cacheId: get('id') || target, sharing };
    }
    case 'tmpfs':
      return { type, target, size: bytesOf(get('size')) };
    case 'secret': {
      const secretId = get('source') || get('id') || (target.split(/[\\/]/).at(-1) ?? '');
      const env = values.get('env');
      return {
        type,
        secretId,
        ...optionalTarget,
        ...(env !== undefined && { env }),
        required: isTrue(get('required')),
      };
    }
    case 'ssh':
      return {
        type,
        socketId: get('id') || 'default',
        ...optionalTarget,
        required: isTrue(get('required')),
      };
  }
}

function sharingOf(text: string): 'shared' | 'private' | 'locked' {
  return text === 'private' || text === 'locked' ? text : 'shared';
}

function isTrue(text: string): boolean {
  return /^(?:1|t|true)$/i.test(text);
}

/** Bind mounts are read-only unless told otherwise, cache mounts are writable; the later of two options wins. */
function isReadOnly(type: MountType, values: ReadonlyMap<string, string>): boolean {
  let readOnly = type === 'bind';
  for (const [key, value] of values) {
    if (key === 'readonly') readOnly = isTrue(value);
    if (key === 'readwrite') readOnly = !isTrue(value);
  }
  return readOnly;
}

/** Bytes of `512m` and the like, in powers of 1024 (docker/go-units RAMInBytes). */
function bytesOf(text: string): number {
  const [, amount = '0', unit = ''] = /^([\d.]+)\s*([kmgtp]?)/i.exec(text) ?? [];
  return Math.floor(Number(amount) * 1024 ** ' kmgtp'.indexOf(unit.toLowerCase() || ' '));
}
