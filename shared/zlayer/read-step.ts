import type { Node } from 'yaml';
import { error } from '../dockerfile/finding.ts';
import {
  readCommand,
  readPairs,
  readText,
  readTexts,
  readWord,
  withoutUndefined,
} from './read-metadata.ts';
import type { Field, Fields, YamlReader } from './yaml-reader.ts';
import type { ZCacheMount, ZStep } from './zimagefile.ts';

const actions = ['run', 'copy', 'add', 'env', 'workdir', 'user'] as const;
type Action = (typeof actions)[number];
const copyOnly = ['to', 'from', 'owner', 'chmod'] as const;

/** Reads a step: exactly one action, and what belongs to it. */
export function readStep(node: Node | null, reader: YamlReader): ZStep | undefined {
  const range = reader.rangeOf(node);
  const fields = reader.fields(node, 'A step', [...actions, ...copyOnly, 'cache']);
  const found = actions.filter(name => fields.has(name));
  // `env` beside `run` is for that command alone.
  const [action, ...others] = found.filter(name => name !== 'env' || !fields.has('run'));
  if (action === undefined || others.length > 0) {
    const has = found.length === 0 ? 'This one has none' : `This one has ${found.join(' and ')}`;
    reader.report(
      error('zimage-step', range, `A step has exactly one of ${actions.join(', ')}. ${has}.`),
    );
    return undefined;
  }
  if (!reportMisplaced(action, fields, reader)) return undefined;
  const step = readAction(action, fields, reader);
  return step && { ...step, range };
}

function reportMisplaced(action: Action, fields: Fields, { report }: YamlReader): boolean {
  const isCopy = action === 'copy' || action === 'add';
  const misplaced = [
    ...(isCopy ? [] : copyOnly.map(name => [name, 'copy and add'] as const)),
    ...(action === 'run' ? [] : ([['cache', 'run']] as const)),
  ].filter(([name]) => fields.has(name));
  for (const [name, where] of misplaced) {
    const range = fields.get(name)?.name.range;
    if (range)
      report(error('zimage-step', range, `${name} belongs to ${where}, not to ${action}.`));
  }
  return misplaced.length === 0;
}

/** Leaves `range` to the caller. */
type Unplaced = ZStep extends infer S ? (S extends ZStep ? Omit<S, 'range'> : never) : never;

function readAction(action: Action, fields: Fields, reader: YamlReader): Unplaced | undefined {
  const field = fields.get(action);
  if (field === undefined) return undefined;
  switch (action) {
    case 'run': {
      const command = readCommand(field.node, 'run', reader);
      const env = readPairs(fields, 'env', reader);
      return (
        command && { kind: 'run', command, env, cache: readCaches(fields.get('cache'), reader) }
      );
    }
    case 'copy':
    case 'add':
      return readCopy(action, fields, reader);
    case 'env':
      return { kind: 'env', env: readPairs(fields, 'env', reader) };
    case 'workdir':
    case 'user': {
      const text = reader.text(field.node, action);
      return text && { kind: action, text: text.value };
    }
  }
}

function readCopy(
  action: 'copy' | 'add',
  fields: Fields,
  reader: YamlReader,
): Unplaced | undefined {
  const sources = readTexts(fields, action, reader).map(({ value }) => value);
  const to = readText(fields, 'to', reader)?.value;
  if (to === undefined || sources.length === 0) {
    const range = fields.get(action)?.name.range;
    if (range)
      reader.report(error('zimage-step', range, `${action} needs a source and a place: to.`));
    return undefined;
  }
  const oneWord = (name: string) => readWord(fields, name, reader)?.value;
  const more = { from: oneWord('from'), owner: oneWord('owner'), chmod: oneWord('chmod') };
  return { kind: action, sources, to, ...withoutUndefined(more) };
}

/** The cache mounts of a step. */
function readCaches(field: Field | undefined, reader: YamlReader): readonly ZCacheMount[] {
  if (field === undefined) return [];
  return reader.items(field.node).flatMap(item => readCache(item, reader) ?? []);
}

function readCache(node: Node | null, reader: YamlReader): ZCacheMount | undefined {
  const fields = reader.fields(node, 'A cache', ['target', 'id', 'sharing', 'readonly']);
  const text = (name: string) => readText(fields, name, reader)?.value;
  const target = text('target');
  const isPlain = [target, text('id'), text('sharing')].every(value => !/[,\s"]/.test(value ?? ''));
  if (target === undefined || !isPlain) {
    const message = 'A cache needs target; its fields have no blanks, commas or quotes.';
    reader.report(error('zimage-step', reader.rangeOf(node), message));
    return undefined;
  }
  const readonly = fields.get('readonly');
  const more = { cacheName: text('id'), sharing: text('sharing') };
  return {
    target,
    readonly: readonly !== undefined && reader.flag(readonly.node, 'readonly') === true,
    ...withoutUndefined(more),
  };
}
