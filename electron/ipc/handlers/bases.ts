import type { Host } from '../../../shared/windows/host-compatibility.ts';
import type { CatalogueFamily } from '../../engine/catalogue/base-catalogue.ts';
import {
  listBaseFamilies,
  listBaseTags,
  type BaseSource,
} from '../../engine/catalogue/base-images.ts';
import type { HandlersFor } from '../answer.ts';

interface BaseParts {
  readonly catalogue: readonly CatalogueFamily[];
  readonly source: BaseSource;
  readonly host: Host;
}

/** The base-image browser. */
export function baseHandlers(parts: BaseParts): HandlersFor<'base.families' | 'base.tags'> {
  const { catalogue, source, host } = parts;
  return {
    'base.families': async () => await listBaseFamilies(catalogue, source),
    'base.tags': async ({ family }, signal) =>
      await listBaseTags(
        catalogue.find(each => each.family === family),
        source,
        host,
        signal,
      ),
  };
}
