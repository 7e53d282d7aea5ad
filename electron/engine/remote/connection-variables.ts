/** Variables of the environment that say how registries are reached: lists with commas, for where flags are in the way. */
export const insecureVariable = 'LAYERWRIGHT_INSECURE_REGISTRIES';
export const mirrorVariable = 'LAYERWRIGHT_REGISTRY_MIRRORS';
