import type { HostCapabilities, HostCheck } from '../../../shared/ipc/host-views.ts';
import { thisHost } from '../../engine/catalogue/host.ts';
import { readCapabilities } from '../../engine/hcs/capabilities/capabilities.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';

export interface DoctorFlags {
  readonly json?: boolean;
}

/** `layerwright doctor`: what this machine can do, and what to do about the rest. Exit code 1 where there is a problem. */
export async function doctor(
  { terminal, storeDir }: CommandContext,
  { json = false }: DoctorFlags,
): Promise<number> {
  const capabilities = await readCapabilities({ host: thisHost(), storeDir });
  if (json) terminal.json(capabilities);
  else for (const line of linesOf(capabilities)) terminal.line(line);
  const isWell = capabilities.checks.every(({ state }) => state !== 'problem');
  return isWell ? exitCodes.ok : exitCodes.failed;
}

/** Wide enough for the longest state. */
const stateWidth = 'warning'.length;

function linesOf({ summary, checks }: HostCapabilities): string[] {
  const titleWidth = Math.max(...checks.map(({ title }) => title.length));
  const indent = ' '.repeat(stateWidth + titleWidth + 4);
  return [
    summary,
    ...checks.flatMap(check => [
      '',
      `${check.state.padEnd(stateWidth)}  ${check.title.padEnd(titleWidth)}  ${check.found}`,
      `${indent}${check.meaning}`,
      ...remedyLines(check).map(line => indent + line),
    ]),
  ];
}

function remedyLines({ remedy }: HostCheck): string[] {
  if (!remedy) return [];
  return [
    `What to do: ${remedy.text}`,
    ...(remedy.command === undefined ? [] : [`  ${remedy.command}`]),
  ];
}
