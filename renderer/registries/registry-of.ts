import { parseReference } from '../../shared/oci/reference.ts';

/** The registry that a reference names; undefined while what is typed is none yet. */
export function registryOf(reference: string): string | undefined {
  try {
    return parseReference(reference).registry;
  } catch {
    return undefined;
  }
}
