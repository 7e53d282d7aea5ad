import { refusedOption } from '../option-fields.ts';

const ms: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};

/** Reads `90s`, `30m`, `12h`, `7d` or `2w`; in ms. Throws bad-request. */
export function parseAge(text: string, field: string): number {
  const [, count, unit] = /^(\d+(?:\.\d+)?)([smhdw])$/.exec(text) ?? [];
  const length = unit === undefined ? undefined : ms[unit];
  if (length !== undefined) return Number(count) * length;
  throw refusedOption(field, `"${text}" is not an age such as 90s, 30m, 12h, 7d or 2w`);
}

const units = ['', 'k', 'm', 'g', 't'];

/** Reads `500MB`, `20 GB`, `1.5TB` in steps of 1000, `10GiB` in steps of 1024; in bytes. Throws bad-request. */
export function parseSize(text: string, field: string): number {
  const [, count, unit = '', binary] = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(i?)b?$/i.exec(text) ?? [];
  if (count === undefined || (binary !== '' && unit === '')) {
    throw refusedOption(field, `"${text}" is not a size such as 500MB, 20GB or 10GiB`);
  }
  const step = binary === '' ? 1000 : 1024;
  return Math.round(Number(count) * step ** units.indexOf(unit.toLowerCase()));
}

/** Reads a number of things. Throws bad-request. */
export function parseCount(text: string, field: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw refusedOption(field, `"${text}" is not a whole number`);
}
