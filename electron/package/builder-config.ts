import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Configuration, WindowsConfiguration } from 'electron-builder';
import { parse } from 'yaml';
import { z } from 'zod';

export interface BuilderInputs {
  readonly productDir: string;
  /** What electron/package put together: the app, and the host without Electron where the target has one. */
  readonly appDir: string;
  readonly hostDir?: string;
  readonly outputDir: string;
  /** An unpacked Electron; electron-builder downloads one otherwise. */
  readonly electronDist?: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** electron-builder leaves node_modules out unless it is named. */
const withModules = ['**/*', 'out/node_modules/**/*'];

const manifestSchema = z.object({ devDependencies: z.object({ electron: z.string() }) });

/**
 * electron-builder.yml with what a run adds: the folders, the version of Electron, the address for updates
 * (LAYERWRIGHT_UPDATE_URL) and who signs (AZURE_SIGNING_*; certificates in WIN_CSC_LINK and WIN_CSC_KEY_PASSWORD are
 * electron-builder's own).
 */
export async function builderConfig(inputs: BuilderInputs): Promise<Configuration> {
  const { productDir, appDir, hostDir, outputDir, electronDist, environment } = inputs;
  const file = path.join(productDir, 'electron-builder.yml');
  const base = parse(await readFile(file, 'utf8')) as Configuration;
  const text = await readFile(path.join(productDir, 'package.json'), 'utf8');
  const { devDependencies } = manifestSchema.parse(JSON.parse(text));
  return {
    ...base,
    files: [...withModules],
    // Nothing to install or to collect: the folders are complete.
    beforeBuild: async () => false,
    directories: { ...base.directories, app: appDir, output: outputDir },
    electronVersion: devDependencies.electron,
    ...(electronDist === undefined ? {} : { electronDist }),
    ...(hostDir === undefined
      ? {}
      : { extraResources: [{ from: hostDir, to: 'host', filter: [...withModules] }] }),
    publish: publishing(environment),
    win: { ...base.win, ...signing(environment) },
  };
}

/** Where installed apps look for a newer version: a folder of any static file server. */
function publishing(
  environment: BuilderInputs['environment'],
): NonNullable<Configuration['publish']> | null {
  const url = environment['LAYERWRIGHT_UPDATE_URL'];
  return url === undefined || url === '' ? null : { provider: 'generic', url };
}

/** Azure Artifact Signing (learn.microsoft.com/azure/artifact-signing); the sign-in itself is in AZURE_TENANT_ID and so on. */
function signing(environment: BuilderInputs['environment']): Partial<WindowsConfiguration> {
  const endpoint = environment['AZURE_SIGNING_ENDPOINT'];
  if (endpoint === undefined || endpoint === '') return {};
  const needed = (name: string): string => {
    const value = environment[name];
    if (value === undefined || value === '')
      throw new Error(`AZURE_SIGNING_ENDPOINT is set, so ${name} must be as well`);
    return value;
  };
  return {
    azureSignOptions: {
      endpoint,
      codeSigningAccountName: needed('AZURE_SIGNING_ACCOUNT'),
      certificateProfileName: needed('AZURE_SIGNING_PROFILE'),
      publisherName: needed('AZURE_SIGNING_PUBLISHER'),
    },
  };
}
