import { randomInt } from 'node:crypto';

/** Crockford's base 32 in lower case: sorts as text like the number, and no I, L, O or U to misread. */
const digits = '0123456789abcdefghjkmnpqrstvwxyz';
const timeDigits = 9;
const randomDigits = 3;
const pattern = new RegExp(`^[${digits}]{${timeDigits + randomDigits}}$`);

function base32(value: number, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest = Math.floor(rest / 32)) {
    text = digits.charAt(rest % 32) + text;
  }
  return text;
}

/**
 * A build id of 12 characters that sorts by time: 9 digits of `time` (ms since 1970, enough until
 * the year 3084) and 3 random ones, for two processes in the same millisecond.
 */
export function newBuildId(time: number): string {
  return base32(time, timeDigits) + base32(randomInt(32 ** randomDigits), randomDigits);
}

/** Sorts before all ids of builds that began at `time` or later (ms since 1970), and behind all others. */
export function idsFrom(time: number): string {
  return base32(Math.max(0, Math.floor(time)), timeDigits);
}

/** When the build with this id began, in ms since 1970. */
export function timeOfId(buildId: string): number {
  const time = buildId.slice(0, timeDigits).split('');
  return time.reduce((sum, digit) => sum * 32 + digits.indexOf(digit), 0);
}

/** Tells whether `text` has the form of a build id. Ids become folder names, so nothing else may pass. */
export function isBuildId(text: string): boolean {
  return pattern.test(text);
}
