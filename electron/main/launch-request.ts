import path from 'node:path';
import { deepLinkScheme, folderOfDeepLink } from './deep-link.ts';

/** What a start of the program asks for. `typed`: by the person at the machine, so it needs no question. */
export type LaunchRequest =
  | { readonly kind: 'none' }
  | { readonly kind: 'folder'; readonly dir: string; readonly typed: boolean };

interface Launch {
  readonly argv: readonly string[];
  readonly workingDirectory: string;
  /** Started as `electron <app folder>`, as in development: one more argument is not the user's. */
  readonly defaultApp: boolean;
  readonly os: NodeJS.Platform;
}

/** Finds the folder or deep link among the arguments; switches are Chromium's. */
export function launchRequestOf({ argv, workingDirectory, defaultApp, os }: Launch): LaunchRequest {
  const own = argv.slice(1).filter(argument => !argument.startsWith('-'));
  const argument = own[defaultApp ? 1 : 0];
  if (argument === undefined || argument === '') return { kind: 'none' };
  if (!argument.toLowerCase().startsWith(`${deepLinkScheme}:`)) {
    return { kind: 'folder', dir: path.resolve(workingDirectory, argument), typed: true };
  }
  return linkRequestOf(argument, os);
}

/** A deep link that does not keep to the grammar asks for nothing. */
export function linkRequestOf(link: string, os: NodeJS.Platform): LaunchRequest {
  const dir = folderOfDeepLink(link, os);
  return dir === undefined ? { kind: 'none' } : { kind: 'folder', dir, typed: false };
}
