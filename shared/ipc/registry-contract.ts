import { z } from 'zod';
import type {
  BundleReportView,
  ComposedIndexView,
  ManifestView,
  NamePage,
  PushPlanView,
  RegistriesView,
  RemoteTag,
  TransferView,
} from './registry-views.ts';

const text = z.string().min(1).max(4096);
const count = z.int().nonnegative();
const nothing = z.strictObject({});
/** `host[:port]` of a registry; what it must look like is checked with the reference's own grammar. */
const host = z.string().min(1).max(260);
const names = {
  search: z.string().max(300).default(''),
  offset: count.default(0),
  limit: z.int().min(1).max(5000).default(500),
  /** Asks the registry again instead of telling what it said some minutes ago. */
  fresh: z.boolean().default(false),
};
const transfer = z.strictObject({ transferId: text });
const pushRequest = z.strictObject({
  image: text,
  target: text.optional(),
  foreign: z.enum(['skip', 'push']).default('skip'),
});

/** The part of the contract that is about registries and what moves between them and the store. */
export const registryInputs = {
  'registry.list': nothing,
  'registry.add': z.strictObject({
    registry: host,
    insecure: z.boolean().default(false),
    mirror: host.optional(),
    /** Without asking whether it answers. */
    unasked: z.boolean().default(false),
  }),
  'registry.remove': z.strictObject({ registry: host }),
  'registry.login': z.strictObject({
    registry: host,
    user: z.string().min(1).max(1000),
    password: z
      .string()
      .min(1)
      .max(64 * 1024),
  }),
  'registry.logout': z.strictObject({ registry: host }),
  'registry.setFavourite': z.strictObject({ repository: text, favourite: z.boolean() }),
  'registry.repositories': z.strictObject({ registry: host, ...names }),
  'registry.tags': z.strictObject({ repository: text, ...names }),
  'registry.describe': z.strictObject({ reference: text }),
  'registry.manifest': z.strictObject({ reference: text }),
  'transfer.list': nothing,
  'transfer.pull': z.strictObject({
    reference: text,
    platform: z.string().min(1).max(200).optional(),
    /** Every image of an index, instead of the one for this host or the platform. */
    all: z.boolean().default(false),
    foreign: z.enum(['urls', 'registry', 'skip']).default('urls'),
  }),
  'transfer.planPush': pushRequest,
  'transfer.push': pushRequest,
  'transfer.cancel': transfer,
  'transfer.dismiss': transfer,
  'index.compose': z.strictObject({ name: text, images: z.array(text).min(1).max(64) }),
  'bundle.create': z.strictObject({
    references: z.array(text).min(1).max(200),
    file: text,
    foreign: z.enum(['fetch', 'skip']).default('fetch'),
  }),
  'bundle.import': z.strictObject({ file: text }),
} as const;

export interface RegistryOutputs {
  'registry.list': RegistriesView;
  'registry.add': RegistriesView;
  'registry.remove': RegistriesView;
  /** Where the credentials are kept, in words. */
  'registry.login': { readonly kept: string };
  'registry.logout': null;
  'registry.setFavourite': RegistriesView;
  'registry.repositories': NamePage;
  'registry.tags': NamePage;
  'registry.describe': RemoteTag;
  'registry.manifest': ManifestView;
  'transfer.list': readonly TransferView[];
  'transfer.pull': { readonly transferId: string };
  'transfer.planPush': PushPlanView;
  'transfer.push': { readonly transferId: string };
  'transfer.cancel': null;
  'transfer.dismiss': null;
  'index.compose': ComposedIndexView;
  'bundle.create': BundleReportView;
  'bundle.import': BundleReportView;
}

export interface RegistryEvents {
  /** Registries, favourites or who is signed in. */
  'registries.changed': null;
  /** A pull or push is farther, or has ended; `dismissed` ones are gone from the list. */
  'transfer.changed': { readonly transfer: TransferView; readonly dismissed?: true };
}
