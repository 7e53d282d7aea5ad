import type {
  EnvironmentView,
  InspectNote,
  VariableSource,
} from '../../../../shared/ipc/inspect-views.ts';
import type { ImageConfig } from '../../../../shared/oci/config.ts';
import { valueContent, valueTypeName, valueTypes } from '../../hive/hive-value.ts';
import { upperName } from '../../hive/regf.ts';
import { textOf } from '../registry/change-rows.ts';
import {
  currentControlSet,
  type ImageRegistry,
  type MountedHive,
} from '../registry/image-registry.ts';
import { tolerant } from '../../hive/hive-cells.ts';
import { findLayered, layeredValues } from '../registry/layered-key.ts';
import { configSource, type EnvInstruction } from './config-source.ts';
import { environmentConflicts } from './conflicts.ts';
import { effectiveEnvironment, type RegistryVariable } from './effective-environment.ts';

/** What the environment of an image is made of, besides its registry. */
export interface EnvironmentInput {
  readonly config: ImageConfig;
  /** Those of the build on record, in order; none where there is none. */
  readonly envInstructions: readonly EnvInstruction[];
}

/** Who runs the processes of a container whose config names nobody (Microsoft, "Secure Windows containers"). */
const defaultUser = 'ContainerAdministrator';

/** Reads the environment that a process of the image gets. */
export async function readEnvironment(
  registry: ImageRegistry,
  { config, envInstructions }: EnvironmentInput,
  signal?: AbortSignal,
): Promise<EnvironmentView> {
  const top = registry.layerCount - 1;
  const hives = top < 0 ? [] : await registry.hives(top, signal);
  const user = userOf(config);
  const userHive = userHiveOf(hives, user);
  const parts = {
    windows: windowsVariables(hives, user),
    machine: machineVariables(hives),
    user: userHive ? variablesOf(userHive, 'Environment', 'user') : [],
    config: (config.config?.Env ?? []).map(text => ({
      text,
      source: configSource(text, config.history ?? [], envInstructions),
    })),
  };
  return {
    user,
    ...(userHive && { userHive: userHive.view.mount }),
    variables: effectiveEnvironment(parts),
    conflicts: environmentConflicts(parts),
    notes: [
      ...missingNotes(hives, userHive, user),
      ...(top < 0 ? [] : await registry.notes(top, signal)),
    ],
  };
}

function userOf(config: ImageConfig): string {
  const stated = config.config?.User ?? '';
  return stated.slice(stated.lastIndexOf('\\') + 1) || defaultUser;
}

/** A profile that the image lacks is made of the one of Default at the first start. */
function userHiveOf(hives: readonly MountedHive[], user: string): MountedHive | undefined {
  const mounts = [`HKU\\${user}`, 'HKU\\Default', 'HKU\\.DEFAULT'].map(upperName);
  return mounts
    .map(mount => hives.find(({ view, root }) => root && upperName(view.mount) === mount))
    .find(hive => hive !== undefined);
}

function machineVariables(hives: readonly MountedHive[]): RegistryVariable[] {
  const system = hives.find(({ view }) => view.mount === 'HKLM\\SYSTEM');
  const controlSet = currentControlSet(system?.root);
  if (!system || controlSet === undefined) return [];
  return variablesOf(system, `${controlSet}\\Control\\Session Manager\\Environment`, 'machine');
}

function variablesOf(
  { view, root }: MountedHive,
  path: string,
  kind: 'machine' | 'user',
): RegistryVariable[] {
  const values = layeredValues(findLayered(root, path));
  return [...values.values()].flatMap(({ value: stored, layerIndex }) => {
    const value = tolerant(
      () => stored.read(),
      () => undefined,
    );
    const content = value && valueContent(value);
    // Windows takes no other types.
    if (content?.kind !== 'text') return [];
    const { name, type } = stored;
    const key = `${view.mount}\\${path}`;
    const source: VariableSource = { kind, key, layerIndex, type: valueTypeName(type) };
    return [{ name, text: content.text, expands: type === valueTypes.expandSz, source }];
  });
}

/** What Windows sets when a process starts, as far as an image tells it ("Recognized environment variables"). */
function windowsVariables(hives: readonly MountedHive[], user: string): Map<string, string> {
  const software = hives.find(({ view }) => view.mount === 'HKLM\\SOFTWARE')?.root;
  const version = findLayered(software, 'Microsoft\\Windows\\CurrentVersion');
  const folder = (name: string, usual: string) => textOf(version, name) ?? usual;
  const profile = `C:\\Users\\${user}`;
  const programs = folder('ProgramFilesDir', 'C:\\Program Files');
  const common = folder('CommonFilesDir', `${programs}\\Common Files`);
  return new Map([
    ['ALLUSERSPROFILE', 'C:\\ProgramData'],
    ['APPDATA', `${profile}\\AppData\\Roaming`],
    ['CommonProgramFiles', common],
    ['LOCALAPPDATA', `${profile}\\AppData\\Local`],
    ['ProgramData', 'C:\\ProgramData'],
    ['ProgramFiles', programs],
    ['PUBLIC', 'C:\\Users\\Public'],
    ['SystemDrive', 'C:'],
    ['SystemRoot', 'C:\\Windows'],
    ['USERNAME', user],
    ['USERPROFILE', profile],
  ]);
}

function missingNotes(
  hives: readonly MountedHive[],
  userHive: MountedHive | undefined,
  user: string,
): InspectNote[] {
  const notes: InspectNote[] = [];
  const warn = (text: string) => notes.push({ kind: 'warning', text });
  if (!hives.some(({ view, root }) => root && view.mount === 'HKLM\\SYSTEM')) {
    warn('There is no SYSTEM hive that can be read: the variables of the machine are not known.');
  }
  const profile = `HKU\\${user}`;
  if (userHive && upperName(userHive.view.mount) !== upperName(profile)) {
    warn(
      `The image has no profile of ${user}: its variables are taken from ${userHive.view.mount}.`,
    );
  }
  return notes;
}
