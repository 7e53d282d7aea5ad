import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { formatBytes } from '../shared/format-bytes.ts';
import { bundle } from './bundle.ts';
import { makePackages } from './package/make-packages.ts';
import type { Target } from './package/target.ts';

const productDir = path.resolve(import.meta.dirname, '..');

const usage = `npm run package -- [options]

  --win, --linux, --mac    the system to package for; by default this one
  --x64, --arm64           the processor; by default this one's
  --host                   only the archive for machines without a desktop (Node and the command line)
  --dir                    unpacked, to look into
  --output DIR             by default dist
  --electron-dist DIR      an unpacked Electron, instead of downloading one

Updates: LAYERWRIGHT_UPDATE_URL. Signing: AZURE_SIGNING_ENDPOINT, _ACCOUNT, _PROFILE, _PUBLISHER, or a certificate in
WIN_CSC_LINK and WIN_CSC_KEY_PASSWORD. docs/release.md has the whole list of steps.
`;

const flag = { type: 'boolean' } as const;

function readOptions() {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
      help: flag,
      win: flag,
      linux: flag,
      mac: flag,
      x64: flag,
      arm64: flag,
      host: flag,
      dir: flag,
      output: text,
      'electron-dist': text,
    },
  });
  return values;
}

type Options = ReturnType<typeof readOptions>;

function targetOf({ win, linux, mac, x64, arm64 }: Options): Target {
  const named = win ? 'win32' : linux ? 'linux' : mac ? 'darwin' : process.platform;
  const arch = arm64 ? 'arm64' : x64 ? 'x64' : process.arch;
  return z
    .object({ platform: z.enum(['win32', 'linux', 'darwin']), arch: z.enum(['x64', 'arm64']) })
    .parse({ platform: named, arch });
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options.help) return void process.stdout.write(usage);
  const text = await readFile(path.join(productDir, 'package.json'), 'utf8');
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(text));
  const outputDir = path.resolve(options.output ?? path.join(productDir, 'dist'));
  const electronDist = options['electron-dist'];
  await bundle();
  const files = await makePackages({
    productDir,
    version,
    target: targetOf(options),
    kind: options.host ? 'host' : options.dir ? 'dir' : 'all',
    outputDir,
    ...(electronDist === undefined ? {} : { electronDist: path.resolve(electronDist) }),
    environment: process.env,
  });
  for (const name of files) {
    const { size } = await stat(path.join(outputDir, name));
    process.stdout.write(`${formatBytes(size).padStart(10)}  ${path.join(outputDir, name)}\n`);
  }
}

await main();
