import { AppError } from '../../shared/failure.ts';

/** Reads the value of `--port`. Throws bad-request. */
export function portNumber(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  const problem = `"${text}" is not a port (0 to 65535)`;
  throw new AppError({ code: 'bad-request', field: '--port', problem });
}
