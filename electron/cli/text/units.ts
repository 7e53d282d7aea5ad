export { formatBytes } from '../../../shared/format-bytes.ts';

/** `0.3s`, `12.0s`, `3m 05s`, `1h 02m`. */
export function formatDuration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)}s`;
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}m ${twoDigits(whole % 60)}s`;
  return `${Math.floor(minutes / 60)}h ${twoDigits(minutes % 60)}m`;
}

/** `3 minutes ago`, `2 days ago`; `-` for a time that is none or lies before 1980. `created` is ISO 8601. */
export function formatAge(created: string | undefined, now: number): string {
  const time = created === undefined ? Number.NaN : Date.parse(created);
  if (Number.isNaN(time) || time < Date.UTC(1980, 0, 1)) return '-';
  const seconds = Math.max(0, Math.round((now - time) / 1000));
  for (const [unit, length] of ageUnits) {
    const count = Math.floor(seconds / length);
    if (count >= 2 || (count === 1 && unit === 'second')) return `${count} ${unit}s ago`;
  }
  return 'just now';
}

/** Tells times in ms since 1970 by their age at `now`. */
export function timeTeller(now: number): (time: number) => string {
  return time => formatAge(new Date(time).toISOString(), now);
}

const ageUnits = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['week', 7 * 86_400],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** `1 layer`, `2 layers`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}

/** `sha256:` and the first 12 digits, as people know it from Docker. */
export function shortDigest(digest: string): string {
  return digest.replace(/^(sha256:[0-9a-f]{12})[0-9a-f]*$/, '$1');
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
