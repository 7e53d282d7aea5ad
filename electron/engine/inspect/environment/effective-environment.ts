import type { EnvironmentVariable, VariableSource } from '../../../../shared/ipc/inspect-views.ts';
import { expandVariables, type VariableLookup } from './expand.ts';

/** A value of the registry that becomes a variable. */
export interface RegistryVariable {
  readonly name: string;
  readonly text: string;
  /** REG_EXPAND_SZ: `%NAME%` in it is replaced. */
  readonly expands: boolean;
  readonly source: VariableSource;
}

/** Where the variables of a process come from, in the order in which Windows takes them. */
export interface EnvironmentParts {
  /** What Windows sets itself for the user. */
  readonly windows: ReadonlyMap<string, string>;
  readonly machine: readonly RegistryVariable[];
  readonly user: readonly RegistryVariable[];
  /** `NAME=value` of config.Env, with where it comes from. */
  readonly config: readonly { readonly text: string; readonly source: VariableSource }[];
}

interface Draft {
  name: string;
  value: string;
  raw: string;
  sources: VariableSource[];
  hidden: { value: string; source: VariableSource }[];
}

/** Lists of folders that are not replaced but appended to (userenv, CreateEnvironmentBlock). */
const appended: ReadonlySet<string> = new Set(['PATH', 'LIBPATH', 'OS2LIBPATH']);

/**
 * Puts the environment together as a container gets it: what Windows sets, the machine's variables, the user's, and
 * over all of them config.Env, which is not expanded any more. Names differ not by case.
 */
export function effectiveEnvironment(parts: EnvironmentParts): EnvironmentVariable[] {
  const drafts = registryDrafts(parts);
  for (const { text, source } of parts.config) {
    const { name, value } = splitVariable(text);
    const before = drafts.get(name.toUpperCase());
    const hidden = before ? [...hiddenBy(before), ...before.hidden] : [];
    drafts.set(name.toUpperCase(), { name, value, raw: value, sources: [source], hidden });
  }
  return [...drafts.values()]
    .map(({ raw, ...draft }) => ({ ...draft, ...(raw !== draft.value && { raw }) }))
    .sort((one, other) => (one.name.toUpperCase() < other.name.toUpperCase() ? -1 : 1));
}

/** What the registry alone gives: variables by name in upper case. */
export function registryEnvironment(parts: Omit<EnvironmentParts, 'config'>): Map<string, string> {
  const drafts = registryDrafts({ ...parts, config: [] });
  return new Map([...drafts].map(([name, { value }]) => [name, value]));
}

/** `NAME=value`; a name may begin with `=`, as those of current directories do. */
export function splitVariable(text: string): { readonly name: string; readonly value: string } {
  const end = text.indexOf('=', 1);
  return end < 0
    ? { name: text, value: '' }
    : { name: text.slice(0, end), value: text.slice(end + 1) };
}

function registryDrafts({ windows, machine, user }: EnvironmentParts): Map<string, Draft> {
  const drafts = new Map<string, Draft>();
  const source: VariableSource = { kind: 'windows' };
  for (const [name, value] of windows) {
    drafts.set(name.toUpperCase(), { name, value, raw: value, sources: [source], hidden: [] });
  }
  for (const scope of [machine, user]) {
    // Plain texts first, so that those with %NAME% can use them.
    for (const expands of [false, true]) {
      for (const variable of scope) {
        if (variable.expands === expands) setFromRegistry(drafts, variable, scope === user);
      }
    }
  }
  return drafts;
}

function setFromRegistry(
  drafts: Map<string, Draft>,
  { name, text, expands, source }: RegistryVariable,
  isUser: boolean,
): void {
  const key = name.toUpperCase();
  const before = drafts.get(key);
  const lookup: VariableLookup = wanted => drafts.get(wanted.toUpperCase())?.value;
  const value = expands ? expandVariables(text, lookup) : text;
  if (isUser && before && appended.has(key)) {
    before.value = joinedFolders(before.value, value);
    before.raw = joinedFolders(before.raw, text);
    before.sources.push(source);
    return;
  }
  const hidden = before ? [...hiddenBy(before), ...before.hidden] : [];
  drafts.set(key, { name, value, raw: text, sources: [source], hidden });
}

function joinedFolders(before: string, after: string): string {
  return before === '' || before.endsWith(';') ? before + after : `${before};${after}`;
}

function hiddenBy({ value, sources }: Draft): Draft['hidden'] {
  const [source] = sources;
  // What Windows sets itself is a matter of course.
  return source === undefined || source.kind === 'windows' ? [] : [{ value, source }];
}
