import {
  collector,
  error,
  inOrder,
  warning,
  type Finding,
  type Report,
} from '../dockerfile/finding.ts';
import { checkVersion, readPairs, readText, readTexts, withoutUndefined } from './read-metadata.ts';
import { readYaml, shown } from './yaml-document.ts';
import { yamlReader, type Field, type Fields, type YamlReader } from './yaml-reader.ts';
import type { ZPipeline, ZPipelineImage } from './zpipeline.ts';

export interface ReadZPipeline {
  /** Absent where a finding is an error. */
  readonly pipeline?: ZPipeline;
  readonly findings: readonly Finding[];
}

/** `ZPipeline.yaml`, `ZPipeline.yml`, `ZPipeline.release.yaml`, and without an ending. */
export function isZPipeline(file: string): boolean {
  return /^zpipeline(?:\.[^./\\]+)?(?:\.ya?ml)?$/i.test(file.split(/[\\/]/).at(-1) ?? '');
}

const ownFields = ['version', 'vars', 'defaults', 'images', 'cache', 'push'];
const shared = ['format', 'build_args', 'no_cache', 'cache_mounts', 'retries', 'platforms'];
const imageFields = ['file', 'context', 'tags', 'depends_on', 'os', ...shared];

/** What is read and changes nothing here, and why. */
const ignored: Readonly<Record<string, string>> = {
  format:
    'The store holds OCI images; "layerwright save" and "layerwright push" write the form that is wanted.',
  cache_mounts:
    'Cache mounts belong to the steps: write cache at the run steps of the ZImagefile, or RUN --mount.',
  retries: 'A step that fails is not tried again.',
  cache:
    'The build cache is that of the store; "layerwright build --cache-to" and "--cache-from" share it.',
};

/**
 * Reads a ZPipeline. Never throws: whatever is wrong is a finding with its line. `given` go over the variables of the
 * file, as `--set` does.
 */
export function parseZPipeline(
  text: string,
  given: Readonly<Record<string, string>> = {},
): ReadZPipeline {
  const { file, findings } = readYaml(text);
  if (file === undefined) return { findings };
  const { findings: found, report } = collector();
  const plain = yamlReader(file, {}, report);
  const fields = plain.fields(file.root, 'A ZPipeline', ownFields);
  const vars = { ...recordOf(fields, 'vars', plain), ...given };
  const reader = yamlReader(file, vars, report);
  checkVersion(fields, 'zpipeline-version', reader);
  reportIgnored(fields, report);
  const images = readImages(fields, reader);
  const pushAfterAll = readPush(fields, reader);
  const all = inOrder(found);
  if (all.some(({ severity }) => severity === 'error')) return { findings: all };
  return { pipeline: { vars, images, pushAfterAll }, findings: all };
}

function recordOf(
  fields: Fields,
  name: string,
  reader: YamlReader,
): Readonly<Record<string, string>> {
  const pairs = readPairs(fields, name, reader);
  return Object.fromEntries(pairs.map(pair => [pair.name.value, pair.value.value]));
}

function reportIgnored(fields: Fields, report: Report): void {
  for (const [name, why] of Object.entries(ignored)) {
    const field = fields.get(name);
    if (field) report(warning('zpipeline-ignored', field.name.range, `${name} is ignored. ${why}`));
  }
}

function readPush(fields: Fields, reader: YamlReader): boolean {
  const field = fields.get('push');
  if (field === undefined) return false;
  const after = reader.fields(field.node, 'push', ['after_all']).get('after_all');
  return after !== undefined && reader.flag(after.node, 'push.after_all') === true;
}

/** What images have in common. */
interface Common {
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly noCache: boolean;
  readonly platform?: string;
}

function readImages(fields: Fields, reader: YamlReader): readonly ZPipelineImage[] {
  const defaultsField = fields.get('defaults');
  const defaultFields =
    defaultsField === undefined
      ? new Map<string, Field>()
      : reader.fields(defaultsField.node, 'defaults', shared);
  const defaults = readCommon(defaultFields, reader, { buildArgs: {}, noCache: false });
  const field = fields.get('images');
  const images = field === undefined ? [] : [...reader.fields(field.node, 'images').values()];
  if (images.length === 0) {
    const range = field?.name.range ?? reader.rangeOf(undefined);
    reader.report(error('zpipeline-empty', range, 'A ZPipeline needs images.'));
  }
  return images.flatMap(image => readImage(image, reader, defaults) ?? []);
}

function readCommon(fields: Fields, reader: YamlReader, before: Common): Common {
  reportIgnored(fields, reader.report);
  const noCache = fields.get('no_cache');
  const platforms = readTexts(fields, 'platforms', reader);
  const [platform, second] = platforms;
  for (const { value, range } of platforms) {
    if (value.toLowerCase().startsWith('windows')) continue;
    const message = `${shown(value)} is not Windows; Layerwright builds Windows images.`;
    reader.report(error('zpipeline-unsupported', range, message));
  }
  if (second !== undefined) {
    const message =
      'An image is built for one platform here. Make one image of the pipeline for each, and join them with "layerwright index create".';
    reader.report(error('zpipeline-unsupported', second.range, message));
  }
  return {
    buildArgs: { ...before.buildArgs, ...recordOf(fields, 'build_args', reader) },
    noCache:
      noCache === undefined ? before.noCache : reader.flag(noCache.node, 'no_cache') === true,
    ...withoutUndefined({ platform: platform?.value ?? before.platform }),
  };
}

function readImage(
  { name, node }: Field,
  reader: YamlReader,
  defaults: Common,
): ZPipelineImage | undefined {
  const fields = reader.fields(node, `The image ${name.value}`, imageFields);
  checkSystem(fields, reader);
  const file = readText(fields, 'file', reader);
  if (file === undefined) {
    if (!fields.has('file'))
      reader.report(error('zpipeline-image', name.range, `The image ${name.value} needs file.`));
    return undefined;
  }
  const tags = readTexts(fields, 'tags', reader);
  for (const { value, range } of tags) {
    const [unknown] = /\$\{\w+\}/.exec(value) ?? [];
    if (unknown !== undefined)
      reader.report(
        error(
          'zpipeline-variable',
          range,
          `${unknown} has no value. Give it in vars, or with --set.`,
        ),
      );
  }
  return {
    ...readCommon(fields, reader, defaults),
    name,
    file,
    tags,
    context: readText(fields, 'context', reader)?.value ?? '.',
    dependsOn: readTexts(fields, 'depends_on', reader),
  };
}

function checkSystem(fields: Fields, reader: YamlReader): void {
  const os = readText(fields, 'os', reader);
  if (os === undefined || os.value.toLowerCase() === 'windows') return;
  const message = `${shown(os.value)} is not Windows; Layerwright builds Windows images.`;
  reader.report(error('zpipeline-unsupported', os.range, message));
}
