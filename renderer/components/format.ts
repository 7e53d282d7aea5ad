export { formatBytes } from '../../shared/format-bytes.ts';

/** Words a duration in ms as a person would say it: `8 ms`, `4.2 s`, `3 min 07 s`, `1 h 02 min`. */
export function formatDuration(ms: number): string {
  const whole = Math.max(0, ms);
  if (whole < 999.5) return `${Math.round(whole)} ms`;
  if (whole < 59_950) return `${(whole / 1000).toFixed(1)} s`;
  const seconds = Math.round(whole / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${twoDigits(seconds % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} min`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/** Words a count with the locale's digit grouping: `12,345`. */
export function formatCount(count: number): string {
  return count.toLocaleString();
}

/** `1 file`, `2 files`: the plural adds an s unless it is given. */
export function formatPlural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

const agoUnits: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 365.25 * 86_400_000],
  ['month', 30.44 * 86_400_000],
  ['week', 7 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

/** Words how long before `now` (both ms since 1970) a time was: `3 hours ago`, `just now`. */
export function formatAgo(time: number, now: number): string {
  const past = time - now;
  const found = agoUnits.find(([, length]) => Math.abs(past) >= length);
  if (found === undefined) return 'just now';
  const [unit, length] = found;
  return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(
    Math.trunc(past / length),
    unit,
  );
}

/** Words a time (ms since 1970) as local date and time: `2026-11-24 04:05`. */
export function formatTime(time: number): string {
  const at = new Date(time);
  if (Number.isNaN(at.getTime())) return 'unknown time';
  const date = `${at.getFullYear()}-${twoDigits(at.getMonth() + 1)}-${twoDigits(at.getDate())}`;
  return `${date} ${twoDigits(at.getHours())}:${twoDigits(at.getMinutes())}`;
}

/** `12.5 %`, or `0 %` where there is nothing to compare with. */
export function formatPercent(part: number, whole: number): string {
  if (whole <= 0) return '0 %';
  const percent = (part / whole) * 100;
  return `${percent < 10 && percent > 0 ? percent.toFixed(1) : percent.toFixed(0)} %`;
}
