import { AppError } from '../failure.ts';
import type { Platform } from './descriptor.ts';

const partPattern = /^[a-z0-9_.-]+$/;
const architectures: ReadonlyMap<string, string> = new Map([
  ['x86_64', 'amd64'],
  ['x86-64', 'amd64'],
  ['aarch64', 'arm64'],
  ['i386', '386'],
  ['armhf', 'arm'],
]);

/**
 * Reads `os[(os.version)]/architecture[/variant]`, the form that containerd's platforms package writes:
 * `windows/amd64`, `windows(10.0.20348)/amd64`, `linux/arm64/v8`. Throws platform-invalid.
 */
export function parsePlatform(text: string): Platform {
  const fail = (problem: string) =>
    new AppError({ code: 'platform-invalid', platform: text.slice(0, 100), problem });
  const parts = text.split('/');
  const [system = '', architecture, variant] = parts;
  const [, os, osVersion] = /^([^()]*)(?:\(([^()]*)\))?$/.exec(system) ?? [];
  if (os === undefined) throw fail('the parentheses of the OS version do not match');
  if (osVersion !== undefined && !/^\d+(?:\.\d+)*$/.test(osVersion)) {
    throw fail('the OS version must be numbers with dots, such as 10.0.20348');
  }
  if (architecture === undefined) throw fail('the architecture is missing');
  if (parts.length > 3) throw fail('it has more than three parts');
  const wrong = [os, architecture, variant ?? 'none'].find(
    part => !partPattern.test(part.toLowerCase()),
  );
  if (wrong !== undefined) throw fail(`"${wrong}" is not a name`);
  return normalizePlatform({
    os,
    architecture,
    ...(osVersion === undefined ? {} : { 'os.version': osVersion }),
    ...(variant === undefined ? {} : { variant }),
  });
}

/** Writes a platform in the form that `parsePlatform` reads. */
export function formatPlatform(platform: Platform): string {
  const version = platform['os.version'];
  const system = version === undefined ? platform.os : `${platform.os}(${version})`;
  const variant = platform.variant === undefined ? '' : `/${platform.variant}`;
  return `${system}/${platform.architecture}${variant}`;
}

/** Tells whether `offered` will do for `wanted`: what `wanted` leaves open matches everything. */
export function matchesPlatform(offered: Platform, wanted: Platform): boolean {
  const has = normalizePlatform(offered);
  const wants = normalizePlatform(wanted);
  return (
    has.os === wants.os &&
    has.architecture === wants.architecture &&
    (wants.variant === undefined || has.variant === wants.variant) &&
    matchesVersion(has['os.version'], wants['os.version'])
  );
}

/** `10.0.20348` stands for all its revisions, `10.0.20348.2700` only for itself. */
function matchesVersion(offered: string | undefined, wanted: string | undefined): boolean {
  if (wanted === undefined) return true;
  return offered !== undefined && `${offered}.`.startsWith(`${wanted}.`);
}

/** Lower case, Go's names of architectures, and no `v8` for arm64, which has no other variant in use. */
function normalizePlatform(platform: Platform): Platform {
  const { variant, ...rest } = platform;
  const spelled = platform.architecture.toLowerCase();
  const architecture = architectures.get(spelled) ?? spelled;
  const redundant = variant === undefined || (architecture === 'arm64' && variant === 'v8');
  return {
    ...rest,
    os: platform.os.toLowerCase(),
    architecture,
    ...(redundant ? {} : { variant }),
  };
}
