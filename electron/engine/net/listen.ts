import type { Server } from 'node:http';
import { isIP, type AddressInfo } from 'node:net';
import { AppError } from '../../../shared/failure.ts';

/**
 * Lets a server listen and gives the port; `port` 0 takes a free one. Fails with `file-system` where the address
 * cannot be listened on.
 */
export async function listen(server: Server, host: string, port: number): Promise<number> {
  const listening = Promise.withResolvers<void>();
  server.once('listening', listening.resolve);
  server.once('error', listening.reject);
  server.listen(port, host);
  try {
    await listening.promise;
  } catch (error) {
    const errno = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new AppError(
      { code: 'file-system', operation: 'listen on', path: `${host}:${port}`, errno },
      { cause: error },
    );
  } finally {
    server.off('error', listening.reject);
  }
  // A TCP server that listens has an AddressInfo.
  return (server.address() as AddressInfo).port;
}

/** The address as it stands in a URL. */
export function urlHost(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host.toLowerCase();
}
