import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Finding } from '../../../shared/dockerfile/finding.ts';
import { error } from '../../../shared/dockerfile/finding.ts';
import { AppError } from '../../../shared/failure.ts';
import type { BuildRequestInput } from '../../../shared/ipc/build-request.ts';
import type { PipelineImageView, PipelineView } from '../../../shared/ipc/pipeline-views.ts';
import { canonicalReference } from '../../../shared/oci/reference.ts';
import { startOfText } from '../../../shared/source-range.ts';
import { parseZPipeline } from '../../../shared/zlayer/parse-zpipeline.ts';
import { pipelineWaves } from '../../../shared/zlayer/pipeline-waves.ts';
import { isZImagefile } from '../../../shared/zlayer/read-build-file.ts';
import type { ZPipeline, ZPipelineImage } from '../../../shared/zlayer/zpipeline.ts';

/** The parser's own limit is smaller; this is what is read at all, in bytes. */
const mostBytes = 4 * 1024 * 1024;

/** An image of a pipeline, and the build that makes it. */
export interface PlannedImage extends PipelineImageView {
  readonly request: BuildRequestInput;
}

export interface PipelinePlan extends PipelineView {
  readonly images: readonly PlannedImage[];
}

/**
 * Reads a pipeline and works out its waves and builds. Findings are data; fails only where there is no file to read.
 * `file` is absolute, and so are the paths of the builds.
 */
export async function planPipeline(
  file: string,
  vars: Readonly<Record<string, string>> = {},
): Promise<PipelinePlan> {
  const { findings, pipeline } = parseZPipeline(await readText(file), vars);
  if (pipeline === undefined) return { images: [], findings, pushAfterAll: false };
  const waves = pipelineWaves(pipeline.images);
  const all = [...findings, ...waves.findings, ...tagFindings(pipeline.images)];
  const { pushAfterAll } = pipeline;
  if (all.some(({ severity }) => severity === 'error'))
    return { images: [], findings: all, pushAfterAll };
  const images = pipeline.images
    .map(image =>
      plannedImage(image, pipeline, { file, wave: waves.waveOf.get(image.name.value) ?? 0 }),
    )
    .toSorted((a, b) => a.wave - b.wave);
  return { images, findings: all, pushAfterAll };
}

/** Fails with `dockerfile-invalid`, which names file and places, where a finding is an error. */
export function checkPipeline(file: string, findings: PipelineView['findings']): void {
  const problems = findings
    .filter(({ severity }) => severity === 'error')
    .map(({ message, range = startOfText }) => ({ message, range }));
  if (problems.length > 0) throw new AppError({ code: 'dockerfile-invalid', file, problems });
}

async function readText(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > mostBytes)
      throw new AppError({ code: 'file-too-large', file, size, limit: mostBytes });
    return await readFile(file, 'utf8');
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const errno = cause instanceof Error && 'code' in cause ? String(cause.code) : 'EIO';
    throw new AppError(
      { code: 'file-system', path: file, operation: 'read the pipeline', errno },
      { cause },
    );
  }
}

/** Two images under one name would overwrite each other, in whatever order they end. */
function tagFindings(images: readonly ZPipelineImage[]): Finding[] {
  const owners = new Map<string, string>();
  return images.flatMap(({ name, tags }) =>
    tags.flatMap(({ range, value }) => {
      const reference = referenceOf(value);
      if (reference === undefined)
        return error('zpipeline-tag', range, `"${value}" is not an image reference.`);
      const owner = owners.get(reference) ?? name.value;
      owners.set(reference, owner);
      return owner === name.value
        ? []
        : error('zpipeline-tag', range, `${owner} and ${name.value} both have the tag ${value}.`);
    }),
  );
}

function referenceOf(text: string): string | undefined {
  try {
    return canonicalReference(text);
  } catch {
    return undefined;
  }
}

function plannedImage(
  image: ZPipelineImage,
  { vars }: ZPipeline,
  { file, wave }: { readonly file: string; readonly wave: number },
): PlannedImage {
  const dir = path.dirname(file);
  const tags = image.tags.map(({ value }) => value);
  // Only a ZImagefile has places for the variables of a pipeline.
  const buildArgs = isZImagefile(image.file.value)
    ? { ...vars, ...image.buildArgs }
    : image.buildArgs;
  return {
    image: image.name.value,
    wave,
    file: image.file.value,
    tags,
    dependsOn: image.dependsOn.map(({ value }) => value),
    range: image.name.range,
    request: {
      contextDir: path.resolve(dir, image.context),
      dockerfile: path.resolve(dir, image.file.value),
      tags,
      buildArgs,
      noCache: image.noCache,
      ...(image.platform === undefined ? {} : { platform: image.platform }),
    },
  };
}
