import type { EnvironmentView, WasteView } from '../../../shared/ipc/inspect-views.ts';
import type { StoredImage } from '../image/read-image.ts';
import { readEnvironment } from './environment/read-environment.ts';
import { imageFacts, type BuildRecord, type ImageFacts } from './image-facts.ts';
import type { InspectedImage } from './inspected-image.ts';
import { inspectPrograms, type ImagePrograms } from './programs/image-programs.ts';
import { openRegistry, type ImageRegistry } from './registry/image-registry.ts';
import { measureWaste } from './waste/measure-waste.ts';

/** Everything that can be asked about an image; each answer is worked out once. Dispose it to tidy up. */
export interface Inspection extends AsyncDisposable {
  readonly stored: StoredImage;
  readonly image: InspectedImage;
  readonly facts: ImageFacts;
  readonly registry: ImageRegistry;
  environment(signal?: AbortSignal): Promise<EnvironmentView>;
  waste(signal?: AbortSignal): Promise<WasteView>;
  programs(signal?: AbortSignal): Promise<ImagePrograms>;
}

/** Makes an inspection of an image whose layers are open. */
export function createInspection(
  stored: StoredImage,
  image: InspectedImage,
  build?: BuildRecord,
): Inspection {
  const registry = openRegistry(image);
  const facts = imageFacts(stored, build);
  let environment: EnvironmentView | undefined;
  let waste: WasteView | undefined;
  let programs: ImagePrograms | undefined;
  const inspection: Inspection = {
    stored,
    image,
    facts,
    registry,
    async environment(signal) {
      const { config } = stored;
      const { envInstructions } = facts;
      return (environment ??= await readEnvironment(registry, { config, envInstructions }, signal));
    },
    waste: async signal => (waste ??= await measureWaste(image, facts, signal)),
    async programs(signal) {
      if (programs) return programs;
      const { variables } = await inspection.environment(signal);
      const path = variables.find(({ name }) => name.toUpperCase() === 'PATH')?.value ?? '';
      const input = {
        firstOwnLayer: facts.firstOwnLayer,
        architecture: stored.config.architecture,
        pathFolders: path.split(';'),
      };
      return (programs = await inspectPrograms(image, input, signal));
    },
    [Symbol.asyncDispose]: () => registry[Symbol.asyncDispose](),
  };
  return inspection;
}
