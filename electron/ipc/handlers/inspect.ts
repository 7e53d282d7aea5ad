import { AppError } from '../../../shared/failure.ts';
import type { Inspection } from '../../engine/inspect/inspection.ts';
import { programsPage } from '../../engine/inspect/programs/image-programs.ts';
import {
  registryChangesPage,
  registryKeyPage,
} from '../../engine/inspect/registry/registry-pages.ts';
import { searchRegistry } from '../../engine/inspect/registry/search-registry.ts';
import type { HandlersFor } from '../answer.ts';
import type { Inspections } from '../images/inspections.ts';

type InspectChannel =
  | 'inspect.registryKey'
  | 'inspect.registryChanges'
  | 'inspect.registrySearch'
  | 'inspect.environment'
  | 'inspect.waste'
  | 'inspect.programs'
  | 'inspect.programBases';

/** What is in an image beyond its files: registry, environment, waste, programs. */
export function inspectHandlers(inspections: Inspections): HandlersFor<InspectChannel> {
  return {
    'inspect.registryKey': async ({ reference, layerIndex, ...query }, signal) => {
      const inspection = await inspections.open(reference, signal);
      checkLayer(inspection, layerIndex);
      return await registryKeyPage(inspection.registry, layerIndex, query, signal);
    },
    'inspect.registryChanges': async ({ reference, layerIndex, ...query }, signal) => {
      const inspection = await inspections.open(reference, signal);
      checkLayer(inspection, layerIndex);
      return await registryChangesPage(inspection.registry, layerIndex, query, signal);
    },
    'inspect.registrySearch': async ({ reference, layerIndex, ...query }, signal) => {
      const inspection = await inspections.open(reference, signal);
      checkLayer(inspection, layerIndex);
      return await searchRegistry(inspection.registry, layerIndex, query, signal);
    },
    'inspect.environment': async ({ reference }, signal) =>
      await (await inspections.open(reference, signal)).environment(signal),
    'inspect.waste': async ({ reference }, signal) =>
      await (await inspections.open(reference, signal)).waste(signal),
    'inspect.programs': async ({ reference, ...query }, signal) => {
      const inspection = await inspections.open(reference, signal);
      return programsPage(await inspection.programs(signal), query);
    },
    'inspect.programBases': async ({ reference }, signal) => {
      const inspection = await inspections.open(reference, signal);
      const { architecture } = inspection.stored.config;
      const bases = await inspections.bases(architecture, signal);
      return await (await inspection.programs(signal)).judge(bases, signal);
    },
  };
}

/** A layer beyond the image is the asker's mistake. */
function checkLayer({ image }: Inspection, layerIndex: number): void {
  if (layerIndex < image.layerCount) return;
  const problem = `is ${layerIndex}, but the image has ${image.layerCount} layers`;
  throw new AppError({ code: 'bad-request', field: 'layerIndex', problem });
}
