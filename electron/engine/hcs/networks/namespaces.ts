import { createHash } from 'node:crypto';
import type { Computenetwork } from '../../win32/computenetwork.ts';
import { isStatus } from '../../win32/failures.ts';
import { addEndpointDocument } from './documents.ts';

/**
 * GUIDs that follow from the owner alone, so that whoever finds one of ours after a crash knows the other: RFC 9562
 * version 8, from a hash.
 */
export function endpointGuid(owner: string): string {
  return guidOf(`layerwright endpoint ${owner}`);
}

export function namespaceGuid(owner: string): string {
  return guidOf(`layerwright namespace ${owner}`);
}

function guidOf(name: string): string {
  const bytes = createHash('sha256').update(name).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
}

const hcnEndpointAlreadyAttached = 0x803b_0014;
const hcnNamespaceAlreadyExists = 0x803b_002b;

/**
 * Puts an endpoint into a namespace, for a process-isolated container; the virtual machine of a Hyper-V container takes
 * the endpoint itself. One that is in there already is no failure.
 */
export async function joinNamespace(
  { namespaces }: Computenetwork,
  namespace: string,
  endpoint: string,
): Promise<void> {
  const [handle] = await namespaces.open(namespace);
  try {
    await namespaces.modify(handle, addEndpointDocument(endpoint));
  } catch (error) {
    if (!isStatus(error, hcnEndpointAlreadyAttached, hcnNamespaceAlreadyExists)) throw error;
  } finally {
    await namespaces.close(handle);
  }
}
