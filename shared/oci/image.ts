import type { History, ImageConfig } from './config.ts';
import type { Platform } from './descriptor.ts';
import { completeHistory, type ImageLayer } from './layer-chain.ts';

/** An image as a value, not tied to where it is kept. `config` lists the same diff IDs as the layers. */
export interface Image {
  readonly config: ImageConfig;
  readonly layersBaseFirst: readonly ImageLayer[];
}

/** The image of `FROM scratch`: no layers, nothing set. */
export function emptyImage(platform: Platform): Image {
  const { architecture, os, variant } = platform;
  const version = platform['os.version'];
  const features = platform['os.features'];
  return {
    config: {
      architecture,
      ...(variant === undefined ? {} : { variant }),
      os,
      ...(version === undefined ? {} : { 'os.version': version }),
      ...(features === undefined ? {} : { 'os.features': features }),
      config: {},
      rootfs: { type: 'layers', diff_ids: [] },
      history: [],
    },
    layersBaseFirst: [],
  };
}

/** Puts a layer on top. Where the base's history does not account for its layers, it is completed first. */
export function appendLayer(image: Image, layer: ImageLayer, history: History): Image {
  const { empty_layer: _, ...made } = history;
  const layersBaseFirst = [...image.layersBaseFirst, layer];
  return {
    config: {
      ...image.config,
      rootfs: { ...image.config.rootfs, diff_ids: layersBaseFirst.map(each => each.diffId) },
      history: [...completeHistory(image.config.history, image.layersBaseFirst.length), made],
    },
    layersBaseFirst,
  };
}

/** Records an instruction that changes how containers run, but no file. */
export function withConfig(
  image: Image,
  change: (config: ImageConfig) => ImageConfig,
  history?: History,
): Image {
  const { rootfs, history: before } = image.config;
  const entries = completeHistory(before, image.layersBaseFirst.length);
  const added = history === undefined ? [] : [{ ...history, empty_layer: true }];
  // Layers and history are not the caller's to change.
  const config = { ...change(image.config), rootfs, history: [...entries, ...added] };
  return { ...image, config };
}

/** The platform that a config states, in the form of an index entry. */
export function platformOf(config: ImageConfig): Platform {
  const { architecture, os, variant } = config;
  const version = config['os.version'];
  const features = config['os.features'];
  return {
    architecture,
    os,
    ...(version === undefined ? {} : { 'os.version': version }),
    ...(features === undefined ? {} : { 'os.features': features }),
    ...(variant === undefined ? {} : { variant }),
  };
}
