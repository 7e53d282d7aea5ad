import { parseZImagefile } from '../../../../shared/zlayer/parse-zimagefile.ts';
import { isZPipeline, parseZPipeline } from '../../../../shared/zlayer/parse-zpipeline.ts';
import { pipelineWaves } from '../../../../shared/zlayer/pipeline-waves.ts';
import { isZImagefile } from '../../../../shared/zlayer/read-build-file.ts';
import type { Problem } from './diagnostics.ts';

/** A ZImagefile or a ZPipeline. */
export function isYamlFile(file: string): boolean {
  return isZImagefile(file) || isZPipeline(file);
}

/** What is wrong with a ZImagefile or a ZPipeline. */
export function yamlProblems(file: string, text: string): readonly Problem[] {
  return findingsOf(file, text).map(({ message, range, rule, severity }) => ({
    severity,
    range,
    rule,
    message,
    fixes: [],
  }));
}

function findingsOf(file: string, text: string) {
  if (!isZPipeline(file)) return parseZImagefile(text).findings;
  const { findings, pipeline } = parseZPipeline(text);
  return pipeline === undefined
    ? findings
    : [...findings, ...pipelineWaves(pipeline.images).findings];
}
