/** Rights that a token is to have, as `type:name:actions` (distribution, "Token Scope Documentation"). */
export type Scope = string;

/** The scope of one repository. Pushing needs `pull`, too: registries look at what is there. */
export function repositoryScope(repository: string, action: 'pull' | 'push' | 'delete'): Scope {
  const actions = { pull: 'pull', push: 'pull,push', delete: 'delete,pull' } as const;
  return `repository:${repository}:${actions[action]}`;
}

export const catalogScope: Scope = 'registry:catalog:*';

/** One scope for each resource, with all its actions, in a fixed order: so equal rights are equal texts. */
export function mergeScopes(scopes: readonly Scope[]): readonly Scope[] {
  const merged = new Map<string, Set<string>>();
  for (const scope of scopes) {
    const colon = scope.lastIndexOf(':');
    const resource = scope.slice(0, colon);
    if (colon <= 0 || resource === '') continue;
    const actions = merged.get(resource) ?? new Set();
    scope
      .slice(colon + 1)
      .split(',')
      .filter(action => action !== '')
      .forEach(action => actions.add(action));
    merged.set(resource, actions);
  }
  return [...merged]
    .filter(([, actions]) => actions.size > 0)
    .map(([resource, actions]) => `${resource}:${[...actions].sort().join(',')}`)
    .sort();
}

/** The scopes that a challenge asks for: separated by blanks. At most 20, for a registry may be hostile. */
export function splitScopes(text: string | undefined): readonly Scope[] {
  return (text ?? '').split(/\s+/).filter(Boolean).slice(0, 20);
}
