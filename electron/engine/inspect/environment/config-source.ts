import type { VariableSource } from '../../../../shared/ipc/inspect-views.ts';
import type { History } from '../../../../shared/oci/config.ts';
import { splitVariable } from './effective-environment.ts';

/** An ENV instruction of the Dockerfile that made the image; lines count from 0. */
export interface EnvInstruction {
  readonly text: string;
  readonly line: number;
}

/** Where a variable of config.Env was set last, as far as the history and the build on record tell. */
export function configSource(
  variable: string,
  history: readonly History[],
  instructions: readonly EnvInstruction[],
): VariableSource {
  const { name } = splitVariable(variable);
  const historyPosition = history.findLastIndex(({ created_by = '' }) => sets(created_by, name));
  const createdBy = history[historyPosition]?.created_by;
  const line = instructions.findLast(({ text }) => sets(text, name))?.line;
  return {
    kind: 'config',
    ...(createdBy !== undefined && { createdBy, historyPosition }),
    ...(line !== undefined && { dockerfileLine: line }),
  };
}

/** Docker's classic builder writes `cmd /S /C #(nop)  ENV a=b`, BuildKit and we write `ENV a=b`. */
function sets(instruction: string, name: string): boolean {
  const rest = /(?:^|#\(nop\)\s+)ENV\s+(.*)$/is.exec(instruction)?.[1];
  if (rest === undefined) return false;
  const escaped = RegExp.escape(name);
  // `ENV NAME value` is the older form, for one variable.
  return new RegExp(`(?:^|\\s)"?${escaped}=|^${escaped}\\s`, 'i').test(rest);
}
