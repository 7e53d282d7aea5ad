import type { Text } from './yaml-reader.ts';

/** One image of a pipeline, with the defaults of the file taken in. Paths are relative to the file. */
export interface ZPipelineImage {
  readonly name: Text;
  readonly file: Text;
  readonly context: string;
  readonly tags: readonly Text[];
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly dependsOn: readonly Text[];
  readonly noCache: boolean;
  readonly platform?: string;
}

/** A ZPipeline.yaml: images that are built in the order in which they need each other. */
export interface ZPipeline {
  readonly vars: Readonly<Record<string, string>>;
  readonly images: readonly ZPipelineImage[];
  /** The file asks for a push of all images once all are built. */
  readonly pushAfterAll: boolean;
}
