/** Nanoseconds of Go's duration units. */
const units: ReadonlyMap<string, number> = new Map([
  ['ns', 1],
  ['us', 1e3],
  ['µs', 1e3],
  ['μs', 1e3],
  ['ms', 1e6],
  ['s', 1e9],
  ['m', 60e9],
  ['h', 3600e9],
]);

const part = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/y;

/** Reads a Go duration such as `1h30m`, `1.5s` or `0` (time.ParseDuration). Whole nanoseconds; undefined if it is none. */
export function parseDuration(text: string): number | undefined {
  const sign = text.startsWith('-') ? -1 : 1;
  const digits = text.replace(/^[+-]/, '');
  if (digits === '0') return 0;
  if (digits === '') return undefined;
  let total = 0;
  for (let at = 0; at < digits.length; at = part.lastIndex) {
    part.lastIndex = at;
    const [, amount = '', unit = ''] = part.exec(digits) ?? [];
    if (amount === '') return undefined;
    total += nanoseconds(amount, units.get(unit) ?? 0);
  }
  return Number.isSafeInteger(total) ? sign * total : undefined;
}

/** The fraction is cut off below a nanosecond, as Go does. */
function nanoseconds(amount: string, unit: number): number {
  const [whole = '', fraction = ''] = amount.split('.');
  return Number(whole) * unit + Math.floor((Number(`0${fraction}`) * unit) / 10 ** fraction.length);
}

/** Writes nanoseconds as Go does: `5m0s`, `1.5s`, `20ms`, `0s`. */
export function formatDuration(nanoseconds: number): string {
  if (nanoseconds === 0) return '0s';
  if (nanoseconds < 0) return `-${formatDuration(-nanoseconds)}`;
  if (nanoseconds < 1e3) return `${nanoseconds}ns`;
  if (nanoseconds < 1e6) return `${decimal(nanoseconds, 1e3)}µs`;
  if (nanoseconds < 1e9) return `${decimal(nanoseconds, 1e6)}ms`;
  const seconds = Math.floor(nanoseconds / 1e9);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const shown = decimal((seconds % 60) * 1e9 + (nanoseconds % 1e9), 1e9);
  const minutesShown = minutes > 0 ? `${minutes % 60}m` : '';
  return `${hours > 0 ? `${hours}h` : ''}${minutesShown}${shown}s`;
}

/** `value / unit` with all its digits and no zeros behind them. */
function decimal(value: number, unit: number): string {
  const fraction = value % unit;
  const digits = String(fraction)
    .padStart(String(unit).length - 1, '0')
    .replace(/0+$/, '');
  return `${Math.floor(value / unit)}${digits === '' ? '' : `.${digits}`}`;
}
