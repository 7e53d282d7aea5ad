import path from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../shared/failure.ts';
import { readJsonOr } from '../../../shared/oci/json.ts';
import { jsonFile, type JsonFile } from '../content/json-file.ts';

const registrySchema = z.strictObject({
  registry: z.string().max(260),
  /** Plain HTTP and certificates that nobody vouches for are accepted. */
  insecure: z.boolean().default(false),
  /** Another host that is asked first. */
  mirror: z.string().max(260).exactOptional(),
});
export type SavedRegistry = z.output<typeof registrySchema>;

const fileSchema = z.strictObject({
  registries: z.array(registrySchema).default([]),
  /** Repositories with their registry. */
  favourites: z.array(z.string().max(600)).default([]),
});
export type SavedRegistries = z.output<typeof fileSchema>;

/** The registries and favourites of the user, in `state/registries.json` of the store: the app and the command line share them. */
export function savedRegistries(storeDir: string): JsonFile<SavedRegistries> {
  const file = path.join(storeDir, 'state', 'registries.json');
  const wrong = (problem: string) =>
    new AppError({ code: 'settings-invalid', path: file, problem });
  return jsonFile(file, text => readJsonOr<SavedRegistries>(fileSchema, text, wrong));
}

/** With `added` in place of what there was of the same name. */
export function withRegistry(saved: SavedRegistries, added: SavedRegistry): SavedRegistries {
  return { ...saved, registries: [...without(saved, added.registry), added] };
}

/** Without a registry and the favourites in it. */
export function withoutRegistry(saved: SavedRegistries, registry: string): SavedRegistries {
  return {
    registries: without(saved, registry),
    favourites: saved.favourites.filter(each => !each.startsWith(`${registry}/`)),
  };
}

/** With or without a repository among the favourites. */
export function withFavourite(
  saved: SavedRegistries,
  repository: string,
  favourite: boolean,
): SavedRegistries {
  const others = saved.favourites.filter(each => each !== repository);
  return { ...saved, favourites: favourite ? [...others, repository] : others };
}

function without({ registries }: SavedRegistries, registry: string): SavedRegistry[] {
  return registries.filter(each => each.registry !== registry);
}
