#!/usr/bin/env node
// Starts the command line with Node 24, whatever Node npm or the shell has found. Plain JavaScript that
// runs on Node 16 and later.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const neededMajor = 24;

/** @returns {string | undefined} */
function findNode() {
  if (Number(process.versions.node.split('.')[0]) >= neededMajor) return process.execPath;
  const os = process.platform === 'win32' ? 'win' : process.platform;
  const program = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node';
  // Beside our own node_modules, or hoisted into the node_modules that we are installed in.
  for (const folder of ['../node_modules', '../..']) {
    const file = fileURLToPath(
      new URL(`${folder}/node-${os}-${process.arch}/${program}`, import.meta.url),
    );
    if (existsSync(file)) return file;
  }
  return undefined;
}

/** Where Node keeps compiled code between runs: a folder of this user alone. It halves the time of short commands. */
function compileCache() {
  const { LOCALAPPDATA, XDG_CACHE_HOME } = process.env;
  const root = LOCALAPPDATA ?? XDG_CACHE_HOME ?? path.join(homedir(), '.cache');
  return path.join(root, 'layerwright', 'compiled');
}

/** @param {string} node */
function run(node) {
  const cli = fileURLToPath(new URL('./cli.ts', import.meta.url));
  const child = spawn(node, [cli, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { NODE_COMPILE_CACHE: compileCache(), ...process.env },
  });
  // A terminal sends Ctrl+C to both; what is sent to us alone is passed on.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => child.kill(signal));
  child.on('error', error => {
    console.error(`layerwright: ${node} does not start: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    // 128 + number, as shells report an end by signal.
    const bySignal = { SIGHUP: 129, SIGINT: 130, SIGKILL: 137, SIGTERM: 143 };
    process.exit(code ?? bySignal[signal] ?? 1);
  });
}

const node = findNode();
if (node === undefined) {
  console.error(
    `layerwright needs Node ${neededMajor}; this is ${process.versions.node}. Run "npm install" in its folder.`,
  );
  process.exitCode = 1;
} else {
  run(node);
}
