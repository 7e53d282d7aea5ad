import type { EnvironmentConflict, VariableSource } from '../../../../shared/ipc/inspect-views.ts';
import {
  registryEnvironment,
  splitVariable,
  type EnvironmentParts,
  type RegistryVariable,
} from './effective-environment.ts';
import { envLine, pathText } from './env-line.ts';
import { expandVariables, namesIn } from './expand.ts';

/** What surprises people about an environment, each with the line of a Dockerfile that mends it. */
export function environmentConflicts(parts: EnvironmentParts): EnvironmentConflict[] {
  const registry = registryEnvironment(parts);
  return [
    ...doubleNames(parts),
    ...parts.config.flatMap(({ text }) => {
      const { name, value } = splitVariable(text);
      const unexpanded = notExpanded(name, value, registry);
      const mended = unexpanded ? expandedValue(name, value, registry) : value;
      const hidden =
        name.toUpperCase() === 'PATH'
          ? hiddenFolders(parts, { name, value: mended, registry })
          : hiddenValue(parts, name, value, registry);
      return [...(unexpanded ? [unexpanded] : []), ...(hidden ? [hidden] : [])];
    }),
  ];
}

function doubleNames({ config }: EnvironmentParts): EnvironmentConflict[] {
  const byName = Map.groupBy(config, ({ text }) => splitVariable(text).name.toUpperCase());
  return [...byName.values()].flatMap(group => {
    if (group.length < 2) return [];
    const names = group.map(({ text }) => splitVariable(text).name);
    const last = splitVariable(group.at(-1)?.text ?? '');
    return [
      {
        kind: 'double-name' as const,
        name: last.name,
        explanation: `The config sets ${names.join(' and ')}. To Windows these are one variable, and nothing says which of them counts.`,
        folders: [],
        fix: envLine(last.name, last.value),
      },
    ];
  });
}

function notExpanded(
  name: string,
  value: string,
  registry: ReadonlyMap<string, string>,
): EnvironmentConflict | undefined {
  const names = namesIn(value);
  if (names.length === 0) return undefined;
  const shown = names.map(each => `%${each}%`).join(', ');
  const fixed = expandedValue(name, value, registry);
  return {
    kind: 'not-expanded',
    name,
    explanation: `${name} contains ${shown}. Values of config.Env are not expanded: programs see the percent signs. In a Dockerfile only \${NAME} is replaced, and only by what ENV or ARG has set.`,
    folders: [],
    ...(namesIn(fixed).length === 0 && { fix: envLine(name, fixed) }),
  };
}

function expandedValue(name: string, value: string, registry: ReadonlyMap<string, string>): string {
  const expanded = expandVariables(value, wanted => registry.get(wanted.toUpperCase()));
  return name.toUpperCase() === 'PATH' ? pathText(foldersOf(expanded)) : expanded;
}

interface ConfigPath {
  readonly name: string;
  readonly value: string;
  readonly registry: ReadonlyMap<string, string>;
}

function hiddenFolders(
  parts: EnvironmentParts,
  { name, value, registry }: ConfigPath,
): EnvironmentConflict | undefined {
  const own = foldersOf(value);
  const known = new Set(own.map(folderKey));
  const missing = foldersOf(registry.get('PATH') ?? '').filter(
    folder => !known.has(folderKey(folder)),
  );
  if (missing.length === 0) return undefined;
  const systemFolder = folderKey(`${registry.get('SYSTEMROOT') ?? 'C:\\Windows'}\\system32`);
  const lacksSystem = missing.some(folder => folderKey(folder) === systemFolder);
  const writers = [...parts.machine, ...parts.user].filter(
    each => each.name.toUpperCase() === 'PATH',
  );
  const consequence = lacksSystem
    ? 'Even the programs of Windows are not found.'
    : 'Programs in these folders are not found.';
  return {
    kind: lacksSystem ? 'lost-system-path' : 'hidden-path',
    name,
    explanation: `config.Env sets ${name}, so the one of the registry${writtenBy(writers)} does not count. ${consequence}`,
    folders: missing,
    fix: envLine(name, pathText([...own, ...missing])),
  };
}

function writtenBy(writers: readonly RegistryVariable[]): string {
  const layers = writers.flatMap(({ source }) => layerOf(source) ?? []);
  const top = Math.max(...layers);
  return layers.length === 0 ? '' : ` (written last by layer ${top})`;
}

function hiddenValue(
  parts: EnvironmentParts,
  name: string,
  value: string,
  registry: ReadonlyMap<string, string>,
): EnvironmentConflict | undefined {
  const hidden = registry.get(name.toUpperCase());
  const writer = [...parts.user, ...parts.machine].find(
    each => each.name.toUpperCase() === name.toUpperCase(),
  );
  if (hidden === undefined || hidden === value || !writer) return undefined;
  return {
    kind: 'hidden-value',
    name,
    explanation: `config.Env sets ${name} to "${value}", so the value of the registry, "${hidden}"${writtenBy([writer])}, does not count.`,
    folders: [],
    fix: envLine(name, hidden),
  };
}

function layerOf(source: VariableSource): number | undefined {
  return 'layerIndex' in source ? source.layerIndex : undefined;
}

function foldersOf(path: string): string[] {
  return path.split(';').filter(folder => folder.trim() !== '');
}

function folderKey(folder: string): string {
  return folder.replaceAll('"', '').replaceAll('/', '\\').replace(/\\+$/, '').toUpperCase();
}
