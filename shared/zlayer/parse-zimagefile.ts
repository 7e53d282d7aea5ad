import { collector, error, inOrder, warning, type Finding } from '../dockerfile/finding.ts';
import {
  checkVersion,
  metadataFields,
  readMetadata,
  readPairs,
  readText,
  readWord,
  withoutUndefined,
} from './read-metadata.ts';
import { readStep } from './read-step.ts';
import { readYaml, shown } from './yaml-document.ts';
import { yamlReader, type Fields, type Text, type YamlReader } from './yaml-reader.ts';
import type { ZImage, ZStage } from './zimagefile.ts';
import { windowsRuntime } from './windows-runtime.ts';

/** A ZImagefile as it was read. */
export interface ReadZImagefile {
  /** Absent where a finding is an error. */
  readonly image?: ZImage;
  readonly findings: readonly Finding[];
}

const modes = ['runtime', 'wasm', 'stages', 'base', 'build'] as const;
const ownFields = ['version', ...modes, 'steps', 'platform', 'os', 'args', ...metadataFields];
const stageFields = ['base', 'build', 'platform', 'os', 'args', 'steps', ...metadataFields];

/**
 * Reads a ZImagefile, ZLayer's YAML form of a Dockerfile. Never throws: whatever is wrong, or is nothing that a Windows
 * image can be made of, is a finding with its line. `vars` go in place of `${NAME}`, as a pipeline does.
 */
export function parseZImagefile(
  text: string,
  vars: Readonly<Record<string, string>> = {},
): ReadZImagefile {
  const { file, findings } = readYaml(text);
  if (file === undefined) return { findings };
  const collected = collector();
  const reader = yamlReader(file, vars, collected.report);
  const image = readImage(reader.fields(file.root, 'A ZImagefile', ownFields), reader);
  const found = inOrder(collected.findings);
  const failed = image === undefined || found.some(({ severity }) => severity === 'error');
  return failed ? { findings: found } : { image, findings: found };
}

function readImage(fields: Fields, reader: YamlReader): ZImage | undefined {
  checkVersion(fields, 'zimage-version', reader);
  checkSystem(fields, reader);
  const found = modes.filter(mode => fields.has(mode));
  const [mode] = found;
  if (mode === undefined || found.length > 1) {
    const has = found.length === 0 ? 'This file has none' : `This file has ${found.join(' and ')}`;
    const range = fields.get(found[1] ?? '')?.name.range ?? reader.rangeOf(undefined);
    reader.report(
      error('zimage-mode', range, `A ZImagefile has exactly one of ${modes.join(', ')}. ${has}.`),
    );
    return undefined;
  }
  const args = readPairs(fields, 'args', reader);
  switch (mode) {
    case 'stages':
      return { args, stages: readStages(fields, reader), metadata: readMetadata(fields, reader) };
    case 'base': {
      const stage = readStage({ fields, reader });
      return stage && { args, stages: [stage] };
    }
    case 'runtime':
      return readRuntime(fields, reader);
    case 'wasm':
    case 'build':
      return refuseMode(mode, fields, reader);
  }
}

/** `os` counts more than `platform`. */
function checkSystem(fields: Fields, reader: YamlReader): void {
  const text = readText(fields, fields.has('os') ? 'os' : 'platform', reader);
  if (text === undefined) return;
  const system = text.value.split(/[(/]/)[0]?.toLowerCase();
  if (system === 'windows') return;
  const message = `${shown(text.value)} is not Windows; Layerwright builds Windows images.`;
  reader.report(error('zimage-unsupported', text.range, message));
}

const refusals = {
  wasm: 'wasm makes a WebAssembly module, which is no Windows image. Build it with ZLayer, and COPY the module where you need it.',
  build:
    'build makes the base from another file, which is not done here. Build that file first, and name its tag in base; a ZPipeline does both in order.',
} as const;

function refuseMode(mode: 'wasm' | 'build', fields: Fields, { report }: YamlReader): undefined {
  const range = fields.get(mode)?.name.range;
  if (range) report(error('zimage-unsupported', range, refusals[mode]));
}

function readRuntime(fields: Fields, reader: YamlReader): ZImage | undefined {
  const runtime = readText(fields, 'runtime', reader);
  if (runtime === undefined) return undefined;
  const stage = windowsRuntime(runtime);
  if (stage !== undefined) {
    const args = readPairs(fields, 'args', reader);
    return { args, stages: [stage], metadata: readMetadata(fields, reader) };
  }
  const message = `The runtime ${shown(runtime.value)} stands for a Linux image. For Windows, "layerwright init" writes a Dockerfile that fits the folder; of the runtimes, windows-nanoserver and windows-servercore are known.`;
  reader.report(error('zimage-unsupported', runtime.range, message));
  return undefined;
}

function readStages(fields: Fields, reader: YamlReader): readonly ZStage[] {
  const field = fields.get('stages');
  if (field === undefined) return [];
  const stages = [...reader.fields(field.node, 'stages').values()];
  if (stages.length === 0)
    reader.report(error('zimage-mode', field.name.range, 'stages has no stage.'));
  return stages.flatMap(({ name, node }) => {
    const fieldsOfStage = reader.fields(node, `The stage ${name.value}`, stageFields);
    if (!/^[a-z][\w.-]*$/i.test(name.value))
      reader.report(
        error(
          'zimage-stage-name',
          name.range,
          `${shown(name.value)} is no name of a stage: a letter, then letters, digits, _ . and -.`,
        ),
      );
    checkSystem(fieldsOfStage, reader);
    return readStage({ fields: fieldsOfStage, reader, name }) ?? [];
  });
}

interface StageInput {
  readonly fields: Fields;
  readonly reader: YamlReader;
  /** Absent for the only stage of a file. */
  readonly name?: Text;
}

function readStage({ fields, reader, name }: StageInput): ZStage | undefined {
  const build = fields.get('build');
  if (build !== undefined) {
    reader.report(error('zimage-unsupported', build.name.range, refusals.build));
    return undefined;
  }
  const base = readWord(fields, 'base', reader);
  if (base === undefined) {
    const range = name?.range ?? reader.rangeOf(undefined);
    if (!fields.has('base')) reader.report(error('zimage-mode', range, 'A stage needs base.'));
    return undefined;
  }
  if (name === undefined) reportUnused(fields, reader);
  const steps = fields.get('steps');
  const more = { name, platform: readWord(fields, 'platform', reader)?.value };
  return {
    base,
    args: name === undefined ? [] : readPairs(fields, 'args', reader),
    steps:
      steps === undefined
        ? []
        : reader.items(steps.node).flatMap(node => readStep(node, reader) ?? []),
    metadata: readMetadata(fields, reader),
    ...withoutUndefined(more),
  };
}

function reportUnused(fields: Fields, { report }: YamlReader): void {
  const stop = fields.get('stopsignal');
  if (stop === undefined) return;
  report(
    warning(
      'zimage-stopsignal',
      stop.name.range,
      'Windows has no signals; stopsignal is written and changes nothing.',
    ),
  );
}
