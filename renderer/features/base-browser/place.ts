/** What is looked at: a family of the catalogue, a registry, or one repository of it. */
export type Place =
  | { readonly kind: 'family'; readonly family: string }
  | { readonly kind: 'registry'; readonly registry: string }
  | { readonly kind: 'repository'; readonly registry: string; readonly repository: string };

/** Text that tells places apart. */
export function placeKey(place: Place): string {
  switch (place.kind) {
    case 'family':
      return `family ${place.family}`;
    case 'registry':
      return `registry ${place.registry}`;
    case 'repository':
      return `repository ${place.registry}/${place.repository}`;
  }
}

/** The repository of a full name such as `localhost:5000/a/b`; what has no registry is on Docker Hub. */
export function repositoryPlace(name: string): Extract<Place, { kind: 'repository' }> {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(0, slash));
  if (slash > 0 && (/[.:]/.test(first) || first === 'localhost')) {
    return { kind: 'repository', registry: first, repository: name.slice(slash + 1) };
  }
  return { kind: 'repository', registry: 'docker.io', repository: name };
}

/** The full name, as references have it in front of the tag. */
export function repositoryName({
  registry,
  repository,
}: Extract<Place, { kind: 'repository' }>): string {
  return registry === 'docker.io' ? repository : `${registry}/${repository}`;
}
