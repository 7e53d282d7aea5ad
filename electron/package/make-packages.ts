import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Arch, build, Platform } from 'electron-builder';
import { billOfMaterials } from './bill-of-materials.ts';
import { builderConfig } from './builder-config.ts';
import { writeChecksums } from './checksums.ts';
import { stageApp, stageHost } from './stage.ts';
import { nodePackageOf, type Target } from './target.ts';
import { zipFolder } from './zip.ts';

export interface PackageRequest {
  readonly productDir: string;
  readonly version: string;
  readonly target: Target;
  /** `host`: only the archive for machines without a desktop; `dir`: unpacked; `all`: what electron-builder.yml names. */
  readonly kind: 'host' | 'dir' | 'all';
  readonly outputDir: string;
  readonly electronDist?: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const platforms = { win32: Platform.WINDOWS, linux: Platform.LINUX, darwin: Platform.MAC };
const osNames = { win32: 'win', linux: 'linux', darwin: 'mac' };

/**
 * Makes packages into `outputDir`, with a bill of materials for each kind and checksums of all files. Gives the names
 * of the files. The bundles in `out` must be fresh. Fails as electron-builder does, and where npm cannot be reached
 * for what belongs to another system.
 */
export async function makePackages(request: PackageRequest): Promise<readonly string[]> {
  const { productDir, target, kind, outputDir } = request;
  const staged = path.join(productDir, 'node_modules/.cache/layerwright', `package-${process.pid}`);
  await mkdir(outputDir, { recursive: true });
  try {
    const staging = { productDir, target };
    const hostDir = path.join(staged, 'host');
    const hasHost = nodePackageOf(target) !== undefined;
    if (hasHost) await makeHost(request, hostDir);
    if (kind !== 'host') {
      const appDir = path.join(staged, 'app');
      const packages = await stageApp(staging, appDir);
      await buildApp(request, { appDir, ...(hasHost ? { hostDir } : {}) });
      await writeBill(request, 'app', packages.add('electron'));
    } else if (!hasHost) {
      throw new Error(`npm has no Node for ${target.platform}-${target.arch}`);
    }
  } finally {
    await rm(staged, { recursive: true, force: true });
  }
  const files = await artifacts(outputDir);
  await writeChecksums(outputDir, files);
  return [...files, 'SHA256SUMS'];
}

async function makeHost(request: PackageRequest, hostDir: string): Promise<void> {
  const { productDir, target, outputDir } = request;
  const packages = await stageHost({ productDir, target }, hostDir);
  const folder = nameOf(request, 'host');
  await zipFolder(hostDir, path.join(outputDir, `${folder}.zip`), folder);
  await writeBill(request, 'host', packages);
}

async function writeBill(
  request: PackageRequest,
  kind: 'app' | 'host',
  packages: ReadonlySet<string>,
): Promise<void> {
  const bill = await billOfMaterials(request.productDir, packages);
  await writeFile(path.join(request.outputDir, `${nameOf(request, kind)}.cdx.json`), bill);
}

function nameOf({ version, target }: PackageRequest, kind: 'app' | 'host'): string {
  return `layerwright-${kind}-${version}-${osNames[target.platform]}-${target.arch}`;
}

async function buildApp(
  { productDir, target, kind, ...request }: PackageRequest,
  folders: { readonly appDir: string; readonly hostDir?: string },
): Promise<void> {
  const arch = target.arch === 'x64' ? Arch.x64 : Arch.arm64;
  const config = await builderConfig({ productDir, ...folders, ...request });
  await build({
    targets: platforms[target.platform].createTarget(kind === 'dir' ? 'dir' : null, arch),
    projectDir: productDir,
    publish: 'never',
    config,
  });
}

/** What people download; electron-builder also leaves folders and notes of its own. */
async function artifacts(dir: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of await readdir(dir)) {
    const isFile = (await stat(path.join(dir, name))).isFile();
    if (isFile && !name.startsWith('builder-') && name !== 'SHA256SUMS') found.push(name);
  }
  return found.toSorted();
}
