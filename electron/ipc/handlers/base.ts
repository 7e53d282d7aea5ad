import { parseReference } from '../../../shared/oci/reference.ts';
import type { Host } from '../../../shared/windows/host-compatibility.ts';
import { readBaseCatalogue } from '../../engine/catalogue/base-catalogue.ts';
import {
  listBaseFamilies,
  listBaseTags,
  listStoredTags,
  type BaseSource,
} from '../../engine/catalogue/base-images.ts';
import type { HandlersFor } from '../answer.ts';

/** The repository with its registry, under which images are kept. */
function fullName(text: string): string {
  const { registry, repository } = parseReference(text);
  return `${registry}/${repository}`;
}

interface BaseParts {
  /** `resources/base-catalogue.json`. */
  readonly catalogueFile: string;
  readonly source: BaseSource;
  readonly host: Host;
}

/** Base images to choose from. */
export function baseHandlers(
  parts: BaseParts,
): HandlersFor<'base.families' | 'base.tags' | 'base.stored'> {
  const { catalogueFile, source, host } = parts;
  return {
    'base.families': async () =>
      await listBaseFamilies(await readBaseCatalogue(catalogueFile), source),
    'base.tags': async ({ family }, signal) => {
      const catalogue = await readBaseCatalogue(catalogueFile);
      const found = catalogue.find(each => each.family === family);
      return await listBaseTags(found, source, host, signal);
    },
    'base.stored': async ({ repository }, signal) =>
      await listStoredTags(fullName(repository), source, host, signal),
  };
}
