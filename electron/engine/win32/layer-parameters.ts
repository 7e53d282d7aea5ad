import { guidBytes } from './guid.ts';
import { koffi, once } from './koffi.ts';
import type { Fixed, In } from './parameter.ts';

/** A parent of a layer: the GUID of its folder's name (NameToGuid) and its folder. */
export interface LayerDescriptor {
  readonly layerGuid: string;
  readonly path: string;
}

/**
 * DriverInfo of the layer functions (hcsshim wclayer/layerutils.go): flavour 1 is the filter driver. HomeDir must point
 * at an empty string; NULL crashes vmcompute.dll.
 */
export const driverInfo: Fixed = {
  direction: 'fixed',
  type: once(() => {
    const { pointer, struct } = koffi();
    return pointer(struct({ Flavour: 'int32', HomeDir: 'str16' }));
  }),
  value: { Flavour: 1, HomeDir: '' },
};

/** Array of WC_LAYER_DESCRIPTOR (layerutils.go): GUID, flags, pointer to the path; 32 bytes each. */
export const layerDescriptors: In<readonly LayerDescriptor[]> = {
  direction: 'in',
  type: once(() => {
    const { array, pointer, struct } = koffi();
    const guid = struct({ Fields: array('uint32', 1), Rest: array('uint8', 12) });
    return pointer(struct({ LayerId: guid, Flags: 'uint32', Path: 'str16' }));
  }),
  pass: descriptors =>
    descriptors.map(({ layerGuid, path }) => {
      if (path.includes('\0')) throw new TypeError(`a layer's path has a NUL: ${path}`);
      const bytes = guidBytes(layerGuid);
      const first = new DataView(bytes.buffer).getUint32(0, true);
      return { LayerId: { Fields: [first], Rest: [...bytes.subarray(4)] }, Flags: 0, Path: path };
    }),
};
