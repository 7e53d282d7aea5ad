import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { z } from 'zod';
import { writeMember } from './write-member.ts';

const run = promisify(execFile);

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({ version: z.string().optional(), integrity: z.string().optional() }),
  ),
});

/** npm on Windows is a script, which only a shell starts (nodejs.org/api/child_process.html). */
const shell = process.platform === 'win32';

/**
 * The folder of an npm package in the version of the lockfile: from `node_modules` where it is installed; else (it is
 * for another system) fetched from the registry once, checked against the lockfile's integrity, and kept in a cache.
 */
export async function npmPackage(productDir: string, name: string): Promise<string> {
  const installed = path.join(productDir, 'node_modules', name);
  if (await exists(path.join(installed, 'package.json'))) return installed;
  const { version, integrity } = await locked(productDir, name);
  const cache = path.join(productDir, 'node_modules/.cache/layerwright/packages');
  const kept = path.join(cache, `${name.replace('/', '+')}-${version}`);
  if (await exists(kept)) return kept;
  await mkdir(cache, { recursive: true });
  const aside = await mkdtemp(path.join(cache, 'fetch-'));
  try {
    const file = await fetchPackage(`${name}@${version}`, aside);
    await checkIntegrity(file, integrity);
    const unpacked = path.join(aside, 'unpacked');
    await unpack(file, unpacked);
    // Another process may have been first; what it has kept is the same.
    await rename(unpacked, kept).catch(async (error: unknown) => {
      if (!(await exists(kept))) throw error;
    });
    return kept;
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined)) !== undefined;
}

async function locked(productDir: string, name: string) {
  const text = await readFile(path.join(productDir, 'package-lock.json'), 'utf8');
  const found = lockSchema.parse(JSON.parse(text)).packages[`node_modules/${name}`];
  if (found?.version === undefined || found.integrity === undefined) {
    throw new Error(`package-lock.json does not say which ${name} to take`);
  }
  return { version: found.version, integrity: found.integrity };
}

async function fetchPackage(spec: string, dir: string): Promise<string> {
  const args = ['pack', spec, '--json', '--ignore-scripts', '--pack-destination', dir];
  const { stdout } = await run('npm', args, { cwd: dir, maxBuffer: 16 * 1024 * 1024, shell });
  const [{ filename }] = z.tuple([z.object({ filename: z.string() })]).parse(JSON.parse(stdout));
  return path.join(dir, path.basename(filename));
}

/** Subresource integrity (w3.org/TR/SRI): `sha512-<base64>`. */
async function checkIntegrity(file: string, integrity: string): Promise<void> {
  const [algorithm = ''] = integrity.split('-', 1);
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(file)) hash.update(chunk as Uint8Array);
  const found = `${algorithm}-${hash.digest('base64')}`;
  if (found !== integrity)
    throw new Error(`${path.basename(file)} is ${found}, package-lock.json says ${integrity}`);
}

/** npm puts everything below one folder, `package`. */
async function unpack(file: string, dir: string): Promise<void> {
  const members = extract();
  const reading = pipeline(createReadStream(file), createGunzip(), members);
  for await (const member of members) {
    const { name, type, mode } = member.header;
    const below = name.split('/').slice(1).join('/');
    if (type === 'file' && below !== '')
      await writeMember({ dir, name: below, mode }, member as AsyncIterable<Uint8Array>);
    else member.resume();
  }
  await reading;
}
