import { EnvHttpProxyAgent, request, type Dispatcher } from 'undici';
import { AppError } from '../../../shared/failure.ts';
import type { Bytes } from '../content/bytes.ts';

/** A file that is being downloaded. */
export interface Download {
  /** In bytes, where the server says it. */
  readonly size?: number;
  /** `Last-Modified`, in nanoseconds since 1970. */
  readonly lastModified?: bigint;
  /** Fails with `download-failed` if it breaks off, stalls or grows too large. */
  readonly body: Bytes;
}

export interface DownloadOptions {
  /** At most this many bytes. */
  readonly maxSize?: number;
  /** For connecting, for the headers, and between two pieces of the body. */
  readonly timeoutMs?: number;
}

const mostRedirects = 10;
const defaultMaxSize = 64 * 1024 ** 3;
const defaultTimeoutMs = 60_000;
const nsPerMs = 1_000_000n;
const redirects = new Set([301, 302, 303, 307, 308]);

/**
 * Starts to download `url` (http or https; the proxies of the environment are used). Follows at most ten redirects,
 * never from https to http. Fails with `download-failed`, and with `cancelled` when `signal` is aborted.
 */
export async function download(
  url: string,
  options: DownloadOptions = {},
  signal?: AbortSignal,
): Promise<Download> {
  const dispatcher = proxyAgent(options.timeoutMs ?? defaultTimeoutMs);
  try {
    const response = await followed(url, { dispatcher, signal: signal ?? null });
    const size = numberOf(response.headers['content-length']);
    const modified = Date.parse(textOf(response.headers['last-modified']) ?? '');
    return {
      ...(size === undefined ? {} : { size }),
      ...(Number.isNaN(modified) ? {} : { lastModified: BigInt(modified) * nsPerMs }),
      body: limited(url, response, {
        dispatcher,
        maxSize: options.maxSize ?? defaultMaxSize,
        signal,
      }),
    };
  } catch (error) {
    await dispatcher.destroy();
    throw failed(url, error, signal);
  }
}

function proxyAgent(timeoutMs: number): EnvHttpProxyAgent {
  return new EnvHttpProxyAgent({
    connect: { timeout: timeoutMs },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
}

async function followed(
  start: string,
  options: { readonly dispatcher: Dispatcher; readonly signal: AbortSignal | null },
): Promise<Dispatcher.ResponseData> {
  let url = new URL(start);
  for (let hops = 0; hops <= mostRedirects; hops++) {
    // The bytes as they are: a checksum is about the file, not about how it travels.
    const response = await request(url, {
      ...options,
      headers: { 'accept-encoding': 'identity', 'user-agent': 'layerwright' },
    });
    if (response.statusCode === 200) return response;
    await response.body.dump();
    const location = textOf(response.headers['location']);
    if (!redirects.has(response.statusCode) || location === undefined) {
      throw refused(start, `the server answered with status ${response.statusCode}.`);
    }
    url = redirected(start, url, location);
  }
  throw refused(start, `it is redirected more than ${mostRedirects} times.`);
}

function redirected(start: string, from: URL, location: string): URL {
  const to = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  const isSafe =
    to?.protocol === 'https:' || (to?.protocol === 'http:' && from.protocol === 'http:');
  if (!to || !isSafe)
    throw refused(start, `it is redirected to ${location}, which is not followed.`);
  return to;
}

async function* limited(
  url: string,
  response: Dispatcher.ResponseData,
  {
    dispatcher,
    maxSize,
    signal,
  }: { dispatcher: Dispatcher; maxSize: number; signal: AbortSignal | undefined },
): Bytes {
  let size = 0;
  try {
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength;
      if (size > maxSize) throw refused(url, `it is larger than ${maxSize} bytes.`);
      yield chunk;
    }
  } catch (error) {
    throw failed(url, error, signal);
  } finally {
    await dispatcher.destroy();
  }
}

function failed(url: string, error: unknown, signal: AbortSignal | undefined): AppError {
  if (signal?.aborted) return new AppError({ code: 'cancelled' }, { cause: error });
  if (error instanceof AppError) return error;
  const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
  return refused(url, `${error instanceof Error ? error.message : String(error)}${code}.`);
}

/** User names and passwords of a URL are not shown. */
function refused(url: string, problem: string): AppError {
  const shown = URL.canParse(url) ? new URL(url) : undefined;
  if (shown) {
    shown.username = '';
    shown.password = '';
  }
  return new AppError({ code: 'download-failed', url: shown?.href ?? url, problem });
}

function textOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

function numberOf(header: string | string[] | undefined): number | undefined {
  const text = textOf(header) ?? '';
  return /^\d+$/u.test(text) ? Number(text) : undefined;
}
