import path from 'node:path';
import type { BuildRequest, SecretSource } from '../../shared/ipc/build-request.ts';
import { refusedOption } from './option-fields.ts';

/** The flags of how RUN runs, as commander reads them. */
export interface RunFlags {
  readonly isolation?: BuildRequest['run']['isolation'];
  readonly memory?: string;
  readonly cpus?: string;
  readonly scratchSize?: string;
  readonly network?: string;
  readonly runTimeout?: string;
  readonly secret?: readonly string[];
  readonly keepFailed?: boolean;
}

/** What the flags mean for RUN. Throws AppError `bad-request`. */
export function runOptionsOf(flags: RunFlags, cwd: string): Partial<BuildRequest['run']> {
  const { isolation, memory, cpus, scratchSize, network, runTimeout, secret = [] } = flags;
  return {
    ...(isolation === undefined ? {} : { isolation }),
    ...(memory === undefined ? {} : { memoryBytes: sizeOf('--memory', memory, 64 * mebibyte) }),
    ...(cpus === undefined ? {} : { cpus: wholeNumber('--cpus', cpus, 1024) }),
    ...(scratchSize === undefined
      ? {}
      : { scratchBytes: sizeOf('--scratch-size', scratchSize, 1024 * mebibyte) }),
    ...(network === undefined ? {} : { network: networkName(network) }),
    ...(runTimeout === undefined ? {} : { timeoutSeconds: secondsOf(runTimeout) }),
    secrets: Object.fromEntries(secret.map(text => secretOf(text, cwd))),
    keepFailed: flags.keepFailed ?? false,
  };
}

const mebibyte = 1024 * 1024;

/** `512m`, `2g`: in powers of 1024, as Docker reads sizes. */
function sizeOf(flag: string, text: string, least: number): number {
  const [, amount = '', unit = ''] =
    /^(\d{1,12}(?:\.\d{1,3})?)\s*([kmgt]?)(?:i?b)?$/i.exec(text) ?? [];
  const bytes = Math.floor(Number(amount) * 1024 ** ' kmgt'.indexOf(unit.toLowerCase() || ' '));
  if (amount === '') throw refusedOption(flag, `"${text}" is not a size such as 512m or 2g`);
  if (bytes < least)
    throw refusedOption(flag, `${text} is too small: at least ${least / mebibyte}m`);
  return bytes;
}

function wholeNumber(flag: string, text: string, most: number): number {
  const value = Number(text);
  if (/^\d{1,9}$/.test(text) && value >= 1 && value <= most) return value;
  throw refusedOption(flag, `"${text}" is not a whole number from 1 to ${most}`);
}

/** `90`, `90s`, `30m`, `1h30m`. */
function secondsOf(text: string): number {
  const [whole, hours, minutes, seconds] =
    /^(?:(\d{1,4})h)?(?:(\d{1,6})m)?(?:(\d{1,8})s?)?$/i.exec(text) ?? [];
  const total = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
  if (whole !== undefined && total >= 1 && total <= 604_800) return total;
  throw refusedOption(
    '--run-timeout',
    `"${text}" is not a time such as 90s, 30m or 2h, up to a week`,
  );
}

function networkName(text: string): string {
  if (text !== 'host') return text;
  throw refusedOption(
    '--network',
    'a Windows container cannot share the network of its host; use default, none or the name of a container network',
  );
}

/** `id=token,src=token.txt` or `id=token,env=TOKEN`, as Docker has it; with neither, the id names the variable. */
function secretOf(text: string, cwd: string): readonly [string, SecretSource] {
  const fields = new Map(
    text.split(',').map(field => {
      const equals = field.indexOf('=');
      const key = field.slice(0, Math.max(equals, 0)).toLowerCase();
      return [aliases[key] ?? key, field.slice(equals + 1)];
    }),
  );
  const id = fields.get('id') ?? '';
  const file = fields.get('src');
  const env = fields.get('env');
  const unknown = [...fields.keys()].find(key => !['id', 'src', 'env', 'type'].includes(key));
  if (unknown !== undefined)
    throw refusedOption('--secret', `"${unknown}" in "${text}" is unknown`);
  if (id === '') throw refusedOption('--secret', `"${text}" has no id; write id=NAME,src=FILE`);
  if (file !== undefined && env !== undefined)
    throw refusedOption('--secret', `"${text}" has both src and env; a secret has one place`);
  return [id, file === undefined ? { env: env ?? id } : { file: path.resolve(cwd, file) }];
}

const aliases: Readonly<Record<string, string>> = { source: 'src' };
