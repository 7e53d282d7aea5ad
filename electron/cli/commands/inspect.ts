import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { withFailure } from '../../engine/content/file-system.ts';
import {
  checkGate,
  parseGateFile,
  parseGateRules,
  type GateResult,
  type GateRule,
} from '../../engine/inspect/waste/gate.ts';
import { chainLines } from '../chain-text.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { withImage, type ImageFlags } from '../inspected/with-image.ts';
import { formatBytes } from '../text/units.ts';
import { wasteSummary } from './waste.ts';

export interface InspectFlags extends ImageFlags {
  readonly failOn?: string;
  readonly rules?: string;
}

/** `layerwright inspect`: the chain of an image, base first; with rules, whether the image keeps them. */
export async function inspect(
  context: CommandContext,
  image: string,
  flags: InspectFlags,
): Promise<number> {
  const { terminal, signal } = context;
  // A mistake in the rules is told before anything is read.
  const rules = await rulesOf(context, flags);
  return await withImage(context, image, flags, async found => {
    const { chain } = found;
    const waste = rules.length === 0 ? undefined : await (await found.inspect()).waste(signal);
    const results = waste ? checkGate(rules, waste, chain.layers) : [];
    if (flags.json === true) terminal.json(waste ? { ...chain, waste, gate: results } : chain);
    else {
      for (const line of chainLines(chain, terminal.width)) terminal.line(line);
      if (waste) for (const line of ['', wasteSummary(waste)]) terminal.line(line);
      for (const line of results.map(resultLine)) terminal.line(line);
    }
    return results.every(({ passed }) => passed) ? exitCodes.ok : exitCodes.failed;
  });
}

async function rulesOf(
  { cwd }: CommandContext,
  { failOn, rules }: InspectFlags,
): Promise<readonly GateRule[]> {
  const own = failOn === undefined ? [] : parseGateRules(failOn);
  if (rules === undefined) return own;
  const file = path.resolve(cwd, rules);
  const text = await withFailure('read', file, () => readFile(file, 'utf8'));
  return [...own, ...parseGateFile(text, rules)];
}

function resultLine({ rule, actual, passed }: GateResult): string {
  return `${passed ? 'PASS' : 'FAIL'}  ${rule.text}  (${measured(rule, actual)})`;
}

function measured({ metric }: GateRule, actual: number): string {
  switch (metric) {
    case 'layers':
      return String(actual);
    case 'user-waste':
    case 'efficiency':
      return `${(100 * actual).toFixed(1)} %`;
    case 'size':
    case 'content':
    case 'waste':
      return formatBytes(actual);
  }
}
