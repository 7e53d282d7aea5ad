import type { Node } from 'yaml';
import { error } from '../dockerfile/finding.ts';
import { shown } from './yaml-document.ts';
import type { Fields, Text, YamlReader } from './yaml-reader.ts';
import type { ZCommand, ZHealthcheck, ZMetadata, ZPair } from './zimagefile.ts';

/** The fields that a stage and the file have in common. */
export const metadataFields = [
  'env',
  'workdir',
  'labels',
  'expose',
  'user',
  'volumes',
  'healthcheck',
  'stopsignal',
  'entrypoint',
  'cmd',
] as const;

export function readMetadata(fields: Fields, reader: YamlReader): ZMetadata {
  const text = (name: string) => readText(fields, name, reader);
  const command = (name: string): ZCommand | undefined => {
    const field = fields.get(name);
    return field && readCommand(field.node, name, reader);
  };
  const healthcheck = fields.get('healthcheck');
  const parts = {
    workdir: text('workdir'),
    user: text('user'),
    stopsignal: text('stopsignal'),
    entrypoint: command('entrypoint'),
    cmd: command('cmd'),
    healthcheck: healthcheck && readHealthcheck(healthcheck.node, reader),
  };
  return {
    ...withoutUndefined(parts),
    env: readPairs(fields, 'env', reader),
    labels: readPairs(fields, 'labels', reader),
    expose: readTexts(fields, 'expose', reader).flatMap(port => readPort(port, reader)),
    volumes: readTexts(fields, 'volumes', reader),
  };
}

/** Drops fields that are undefined, for types whose fields are absent instead. */
export function withoutUndefined<T extends object>(
  fields: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

export function readCommand(
  node: Node | null,
  what: string,
  reader: YamlReader,
): ZCommand | undefined {
  const range = reader.rangeOf(node);
  if (!reader.isList(node)) {
    const line = reader.text(node, what);
    if (line?.value.trim() === '') {
      reader.report(error('yaml-wrong-value', range, `${what} is empty.`));
      return undefined;
    }
    return line && { form: 'shell', line: line.value, range };
  }
  const argv = reader
    .items(node)
    .flatMap(item => reader.text(item, `An argument of ${what}`)?.value ?? []);
  return { form: 'exec', argv, range };
}

export function readPairs(fields: Fields, name: string, reader: YamlReader): readonly ZPair[] {
  const field = fields.get(name);
  if (field === undefined) return [];
  return [...reader.fields(field.node, name).values()].flatMap(pair => {
    // Labels are written in quotes; the others are names of variables.
    if (name !== 'labels' && !/^[A-Za-z_][\w.()-]*$/.test(pair.name.value)) {
      reader.report(
        error(
          'yaml-wrong-value',
          pair.name.range,
          `${shown(pair.name.value)} is no name of a variable.`,
        ),
      );
      return [];
    }
    const value = reader.text(pair.node, `${name}.${pair.name.value}`);
    return value === undefined ? [] : [{ name: pair.name, value }];
  });
}

/** The text of a field; undefined where the field is absent. */
export function readText(
  fields: Fields,
  name: string,
  reader: YamlReader,
  what: string = name,
): Text | undefined {
  const field = fields.get(name);
  return field && reader.text(field.node, what);
}

/** As `readText`, of a field whose text is one word. */
export function readWord(fields: Fields, name: string, reader: YamlReader): Text | undefined {
  const field = fields.get(name);
  return field && reader.word(field.node, name);
}

/** Reports any version of a format but its only one. */
export function checkVersion(fields: Fields, rule: string, reader: YamlReader): void {
  const version = readText(fields, 'version', reader);
  if (version === undefined || version.value === '1') return;
  const message = `The version is ${shown(version.value)}; only "1" is known.`;
  reader.report(error(rule, version.range, message));
}

export function readTexts(fields: Fields, name: string, reader: YamlReader): readonly Text[] {
  const field = fields.get(name);
  if (field === undefined) return [];
  return reader.items(field.node).flatMap(item => reader.text(item, `An entry of ${name}`) ?? []);
}

function readPort(port: Text, { report }: YamlReader): readonly Text[] {
  const [, number, protocol] = /^(\d{1,5})(?:\/(tcp|udp))?$/i.exec(port.value) ?? [];
  if (number !== undefined && Number(number) >= 1 && Number(number) <= 65_535)
    return [{ ...port, value: `${number}/${(protocol ?? 'tcp').toLowerCase()}` }];
  report(
    error(
      'yaml-wrong-value',
      port.range,
      `${shown(port.value)} is no port such as 8080 or "53/udp".`,
    ),
  );
  return [];
}

const durations = {
  interval: 'interval',
  timeout: 'timeout',
  start_period: 'start-period',
} as const;

function readHealthcheck(node: Node | null, reader: YamlReader): ZHealthcheck | undefined {
  const names = ['cmd', 'interval', 'timeout', 'start_period', 'retries'];
  const fields = reader.fields(node, 'healthcheck', names);
  const cmd = fields.get('cmd');
  const range = reader.rangeOf(node);
  if (cmd === undefined) {
    reader.report(error('yaml-wrong-value', range, 'healthcheck needs cmd.'));
    return undefined;
  }
  const command = readCommand(cmd.node, 'healthcheck.cmd', reader);
  const flags = Object.entries(durations).flatMap(([name, flag]) => {
    const text = readText(fields, name, reader, `healthcheck.${name}`);
    if (text === undefined) return [];
    const duration = text.value.replaceAll(/\s+/g, '');
    if (/^(?:\d+(?:\.\d+)?(?:h|m|s|ms|us|ns))+$/.test(duration)) return [`--${flag}=${duration}`];
    reader.report(
      error(
        'yaml-wrong-value',
        text.range,
        `${shown(text.value)} is no duration such as 30s or 1m 30s.`,
      ),
    );
    return [];
  });
  const count = readText(fields, 'retries', reader, 'healthcheck.retries');
  if (count !== undefined && /^\d{1,6}$/.test(count.value)) flags.push(`--retries=${count.value}`);
  else if (count !== undefined)
    reader.report(
      error('yaml-wrong-value', count.range, 'healthcheck.retries must be a whole number.'),
    );
  return command && { command, flags, range };
}
