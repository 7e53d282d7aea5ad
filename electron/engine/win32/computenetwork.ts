import { hresult } from './checked.ts';
import type { Dll } from './dll.ts';
import { guid, handle, outHandle, outString, wide, type Handle } from './parameter.ts';

export type Computenetwork = ReturnType<typeof bindComputenetwork>;

/**
 * computenetwork.dll (computenetwork.h). Every function that can fail gives an error record; it and the documents are
 * released with CoTaskMemFree, as in Microsoft's samples and hcsshim hcn.
 */
export function bindComputenetwork(dll: Dll, coTaskMemFree: (pointer: Handle) => void) {
  const text = outString(coTaskMemFree);
  const kind = (one: string, many: string) => ({
    /** Hcn...Enumerate(Query, Ids, ErrorRecord): a list of GUIDs. */
    enumerate: hresult(dll, `HcnEnumerate${many}`, [wide, text, text], 1),
    open: hresult(dll, `HcnOpen${one}`, [guid, outHandle, text], 1),
    /** Hcn...Query(Handle, Query, Properties, ErrorRecord). */
    query: hresult(dll, `HcnQuery${one}Properties`, [handle, wide, text, text], 1),
    close: hresult(dll, `HcnClose${one}`, [handle]),
  });
  return {
    networks: kind('Network', 'Networks'),
    namespaces: {
      ...kind('Namespace', 'Namespaces'),
      /** HcnCreateNamespace(Id, Settings, Namespace, ErrorRecord). */
      create: hresult(dll, 'HcnCreateNamespace', [guid, wide, outHandle, text], 1),
      /** HcnModifyNamespace(Namespace, Settings, ErrorRecord). */
      modify: hresult(dll, 'HcnModifyNamespace', [handle, wide, text], 0),
      delete: hresult(dll, 'HcnDeleteNamespace', [guid, text], 0),
    },
    endpoints: {
      ...kind('Endpoint', 'Endpoints'),
      /** HcnCreateEndpoint(Network, Id, Settings, Endpoint, ErrorRecord). */
      create: hresult(dll, 'HcnCreateEndpoint', [handle, guid, wide, outHandle, text], 1),
      delete: hresult(dll, 'HcnDeleteEndpoint', [guid, text], 0),
    },
  };
}
