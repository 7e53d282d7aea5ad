import { AppError } from '../../../shared/failure.ts';
import type { Bytes } from '../content/bytes.ts';
import type { RegistryAnswer, RegistryRequest } from './exchange.ts';
import { headerNumber, headerText } from './headers.ts';
import { followingRedirects } from './redirects.ts';
import { basicAuthorization } from './token-request.ts';
import { createTransport, defaultTimeoutMs, defaultUserAgent } from './transport.ts';

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

const defaultMaxSize = 64 * 1024 ** 3;
const nsPerMs = 1_000_000n;

/**
 * Starts to download `url` (http or https; the proxies of the environment are used). Follows at most ten redirects,
 * never from https to http. Fails with `download-failed`, and with `cancelled` when `signal` is aborted.
 */
export async function download(
  url: string,
  options: DownloadOptions = {},
  signal?: AbortSignal,
): Promise<Download> {
  await using stack = new AsyncDisposableStack();
  const transport = stack.use(
    createTransport({
      environment: process.env,
      certificateFolders: [],
      isInsecure: () => false,
      timeoutMs: options.timeoutMs ?? defaultTimeoutMs,
      userAgent: defaultUserAgent,
    }),
  );
  try {
    const send = followingRedirects(transport.send);
    const answer = await send(requestOf(new URL(url)), signal);
    if (answer.status !== 200) {
      throw refused(url, `the server answered with status ${answer.status}.`);
    }
    const open = stack.move();
    const maxSize = options.maxSize ?? defaultMaxSize;
    return { ...described(answer), body: limited(url, answer, { open, maxSize }) };
  } catch (error) {
    throw failed(url, error);
  }
}

/** User name and password of a URL are sent as everybody does: in a header, and to that host only. */
function requestOf(address: URL): RegistryRequest {
  const url = new URL(address);
  const username = decoded(url.username);
  const password = decoded(url.password);
  url.username = '';
  url.password = '';
  const request = { registry: url.host, method: 'GET', url } as const;
  if (username === '') return request;
  const authorization = basicAuthorization({ kind: 'password', username, password });
  return { ...request, headers: { authorization } };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function described({ headers }: RegistryAnswer): Omit<Download, 'body'> {
  const size = headerNumber(headers, 'content-length');
  const modified = Date.parse(headerText(headers, 'last-modified') ?? '');
  return {
    ...(size === undefined ? {} : { size }),
    ...(Number.isNaN(modified) ? {} : { lastModified: BigInt(modified) * nsPerMs }),
  };
}

async function* limited(
  url: string,
  answer: RegistryAnswer,
  { open, maxSize }: { readonly open: AsyncDisposable; readonly maxSize: number },
): Bytes {
  await using _ = open;
  let size = 0;
  try {
    for await (const chunk of answer.body) {
      size += chunk.byteLength;
      if (size > maxSize) throw refused(url, `it is larger than ${maxSize} bytes.`);
      yield chunk;
    }
  } catch (error) {
    throw failed(url, error);
  }
}

function failed(url: string, error: unknown): unknown {
  if (!(error instanceof AppError)) return error;
  const { code } = error.failure;
  if (code === 'cancelled' || code === 'download-failed') return error;
  return refused(url, error.message, error);
}

function refused(url: string, problem: string, cause?: unknown): AppError {
  return new AppError({ code: 'download-failed', url: withoutUser(url), problem }, { cause });
}

/** User names and passwords of a URL are not shown. */
function withoutUser(url: string): string {
  if (!URL.canParse(url)) return url;
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  return shown.href;
}
