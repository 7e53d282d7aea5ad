import type { Platform } from '../oci/descriptor.ts';
import { formatPlatform } from '../oci/platform.ts';
import type { EscapeCharacter, Instruction } from './ast.ts';
import { expand } from './expand.ts';
import { error, type Report } from './finding.ts';
import { rangeWithin } from './word-range.ts';

/** Values by name. */
export type Args = ReadonlyMap<string, string>;

/** Arguments that need no ARG: they reach RUN's environment, and neither the image nor its history. */
const proxyNames: ReadonlySet<string> = new Set([
  'http_proxy',
  'https_proxy',
  'ftp_proxy',
  'no_proxy',
  'all_proxy',
]);

export function isProxyArg(name: string): boolean {
  return proxyNames.has(name.toLowerCase());
}

export interface GlobalArgInputs {
  readonly instructions: readonly Instruction[];
  readonly escape: EscapeCharacter;
  readonly buildArgs: Args;
  readonly targetPlatform: Platform;
  readonly buildPlatform: Platform;
  readonly targetStage: string;
}

/** The arguments that FROM sees: the predefined ones, then each ARG before the first FROM, in order. */
export function globalArgs(inputs: GlobalArgInputs, report: Report): Args {
  const args = new Map<string, string>();
  for (const [name, value] of predefined(inputs))
    args.set(name, inputs.buildArgs.get(name) ?? value);
  for (const instruction of inputs.instructions) {
    if (instruction.keyword === 'FROM') break;
    if (instruction.keyword !== 'ARG') continue;
    for (const { name, value } of instruction.arguments) {
      const given = inputs.buildArgs.get(name.text);
      if (given !== undefined) args.set(name.text, given);
      if (given !== undefined || value === undefined) continue;
      const result = expand(value.text, { escape: inputs.escape, lookup: one => args.get(one) });
      if (result.ok) args.set(name.text, result.value);
      else report(error('bad-substitution', rangeWithin(value, result.offset), result.message));
    }
  }
  return args;
}

/** BuildKit's automatic platform arguments; only the target's platform shows its OS version. */
function predefined({
  buildPlatform,
  targetPlatform,
  targetStage,
}: GlobalArgInputs): [string, string][] {
  const { os, architecture, variant } = buildPlatform;
  const build = { os, architecture, ...(variant !== undefined && { variant }) };
  return [
    ['BUILDPLATFORM', formatPlatform(build)],
    ...platformArgs('BUILD', buildPlatform),
    ['TARGETPLATFORM', formatPlatform(targetPlatform)],
    ...platformArgs('TARGET', targetPlatform),
    ['TARGETSTAGE', targetStage],
  ];
}

function platformArgs(prefix: string, platform: Platform): [string, string][] {
  return [
    [`${prefix}OS`, platform.os],
    [`${prefix}OSVERSION`, platform['os.version'] ?? ''],
    [`${prefix}ARCH`, platform.architecture],
    [`${prefix}VARIANT`, platform.variant ?? ''],
  ];
}
