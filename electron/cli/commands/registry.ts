import { isIP } from 'node:net';
import { explain, failureOf } from '../../../shared/failure.ts';
import type { Store } from '../../engine/content/store.ts';
import {
  startRegistry,
  type RegistryRequest,
} from '../../engine/registry-server/registry-server.ts';
import { repositoryNames } from '../../engine/registry-server/repositories.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { portNumber } from '../port.ts';
import type { Terminal } from '../terminal.ts';
import { formatBytes, formatDuration } from '../text/units.ts';
import { withStore } from './store.ts';

export interface RegistryFlags {
  readonly host: string;
  readonly port: string;
  readonly writable?: boolean;
  readonly quiet?: boolean;
}

/** `layerwright registry`: serves the store until it is told to stop. */
export async function registry(context: CommandContext, flags: RegistryFlags): Promise<number> {
  const { signal, terminal } = context;
  const { host, writable = false, quiet = false } = flags;
  const port = portNumber(flags.port);
  await withStore(context, async store => {
    await using running = await startRegistry({
      store,
      host,
      port,
      writable,
      ...(quiet ? {} : { onRequest: request => tell(terminal, request) }),
    });
    await announce(terminal, store, { host, address: running.host, writable });
    await aborted(signal);
    terminal.note('Stopping: requests under way have a moment to end.');
    await running.close();
  });
  return exitCodes.ok;
}

interface Served {
  readonly host: string;
  readonly address: string;
  readonly writable: boolean;
}

const shownNames = 10;

async function announce(
  terminal: Terminal,
  { dir, names }: Store,
  { host, address, writable }: Served,
): Promise<void> {
  // Docker takes plain HTTP from localhost without being told to.
  const shown = address.replace(/^127\.0\.0\.1:/, 'localhost:');
  const repositories = [...repositoryNames(await names.list())].toSorted();
  terminal.line(`The store ${dir} is served as the registry ${shown}`);
  terminal.line(writable ? 'Clients may read, push and delete.' : 'Clients may only read.');
  if (!isLoopback(host)) {
    terminal.note('Warning: there is no login. Whoever reaches this address has the same rights.');
  }
  terminal.line(repositories.length === 0 ? 'It is empty.' : 'It has:');
  for (const name of repositories.slice(0, shownNames)) terminal.line(`  ${shown}/${name}`);
  const more = repositories.length - shownNames;
  if (more > 0) terminal.line(`  and ${more} more; "layerwright images" lists all`);
  terminal.line('Stop with Ctrl+C.');
}

function isLoopback(host: string): boolean {
  if (isIP(host) === 4) return host.startsWith('127.');
  return host === 'localhost' || host === '::1';
}

/** One line for each request; what clients sent is neutralised by the terminal. */
function tell(terminal: Terminal, request: RegistryRequest): void {
  const { method, url, status, received, sent, milliseconds, userAgent, error } = request;
  const parts = [
    new Date().toTimeString().slice(0, 8),
    status === 0 ? '---' : String(status),
    method,
    url.length > 200 ? `${url.slice(0, 200)}...` : url,
    ...(received > 0 ? [`received ${formatBytes(received)}`] : []),
    ...(sent > 0 ? [`sent ${formatBytes(sent)}`] : []),
    milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : formatDuration(milliseconds),
    ...(userAgent === '' ? [] : [`(${userAgent.slice(0, 80)})`]),
  ];
  terminal.note(parts.join(' '));
  if (error !== undefined) terminal.note(`  ${explain(failureOf(error)).message}`);
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const stop = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => stop.resolve(), { once: true });
  await stop.promise;
}
