import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../shared/failure.ts';
import type { BuildRequest } from '../../shared/ipc/build-request.ts';
import { isZPipeline } from '../../shared/zlayer/parse-zpipeline.ts';
import { isZImagefile } from '../../shared/zlayer/read-build-file.ts';
import { exists } from '../engine/content/file-system.ts';

/**
 * Where a request names no build file and its context has no Dockerfile, takes the ZImagefile that is there, as ZLayer
 * looks for it: `ZImagefile`, else the only `ZImagefile.<name>`. Throws `bad-request` where there are several.
 */
export async function withBuildFile(request: BuildRequest): Promise<BuildRequest> {
  const { contextDir, dockerfile } = request;
  if (dockerfile !== undefined || (await exists(path.join(contextDir, 'Dockerfile'))))
    return request;
  const names = await readdir(contextDir).catch(() => []);
  const found = names.filter(isZImagefile).toSorted();
  const chosen = found.find(name => name.toLowerCase() === 'zimagefile') ?? found[0];
  if (chosen === undefined) return request;
  if (found.length > 1 && chosen.toLowerCase() !== 'zimagefile') {
    const all = names.some(isZPipeline) ? ', or build all of them with "layerwright pipeline"' : '';
    const problem = `there is no Dockerfile, and more than one ZImagefile: ${found.join(', ')}. Name one${all}.`;
    throw new AppError({ code: 'bad-request', field: '--file', problem });
  }
  return { ...request, dockerfile: path.join(contextDir, chosen) };
}
