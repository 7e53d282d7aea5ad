import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

const run = promisify(execFile);
const policySchema = z.looseObject({ updates: z.boolean().optional() });

/** Where a company puts its policy: a folder that users cannot write to. */
function policyFile(
  os: NodeJS.Platform,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  if (os === 'win32') {
    return path.join(environment['ProgramData'] ?? 'C:\\ProgramData', 'Layerwright', 'policy.json');
  }
  const folder = os === 'darwin' ? '/Library/Application Support/Layerwright' : '/etc/layerwright';
  return path.join(folder, 'policy.json');
}

/**
 * Whether whoever manages this machine has turned updates off: `{"updates": false}` in the policy file, or on Windows
 * `DisableUpdates` = 1 (DWORD) below `HKLM\Software\Policies\Layerwright`. A policy file that cannot be understood
 * counts as one that does: what was meant is not known, and nothing must be installed against it.
 */
export async function updatesForbidden(
  os: NodeJS.Platform,
  environment: Readonly<Record<string, string | undefined>>,
  file = policyFile(os, environment),
): Promise<boolean> {
  return (await forbiddenByFile(file)) || (os === 'win32' && (await forbiddenByRegistry()));
}

async function forbiddenByFile(file: string): Promise<boolean> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ENOENT');
  }
  try {
    return policySchema.parse(JSON.parse(text)).updates === false;
  } catch {
    return true;
  }
}

async function forbiddenByRegistry(): Promise<boolean> {
  const key = 'HKLM\\Software\\Policies\\Layerwright';
  try {
    const { stdout } = await run('reg.exe', ['query', key, '/v', 'DisableUpdates']);
    return /REG_DWORD\s+0x0*1\s*$/m.test(stdout);
  } catch {
    // No such key or value.
    return false;
  }
}
