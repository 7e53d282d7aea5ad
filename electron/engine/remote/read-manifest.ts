import type { ManifestView } from '../../../shared/ipc/registry-views.ts';
import { parseReference, withDefaultTag } from '../../../shared/oci/reference.ts';
import type { RegistryReader } from '../registry/registry-client.ts';

/** The manifest or index of a registry, byte for byte. Throws as the client does, and `reference-invalid`. */
export async function readManifest(
  reference: string,
  client: RegistryReader,
  signal?: AbortSignal,
): Promise<ManifestView> {
  const named = withDefaultTag(parseReference(reference));
  const asked = named.digest ?? named.tag ?? 'latest';
  const { bytes, descriptor } = await client.manifest(named, asked, signal);
  const { digest, mediaType, size } = descriptor;
  return { digest, mediaType, size, text: Buffer.from(bytes).toString('utf8') };
}
