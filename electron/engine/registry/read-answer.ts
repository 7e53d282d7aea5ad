import type { z } from 'zod';
import { AppError } from '../../../shared/failure.ts';
import { readJson } from '../../../shared/oci/json.ts';
import type { RegistryAnswer } from './exchange.ts';
import { contentType, headerText } from './headers.ts';
import { shownUrl } from './hosts.ts';

/** The failure of an answer that breaks the protocol. */
export function protocolFailure(registry: string, url: URL, problem: string): AppError {
  return new AppError({ code: 'registry-protocol', registry, url: shownUrl(url), problem });
}

/** Reads a whole body. Throws `registry-protocol` where it is longer than `limit` bytes, without reading on. */
export async function readBody(
  registry: string,
  answer: RegistryAnswer,
  limit: number,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body) {
    size += chunk.byteLength;
    if (size > limit) {
      throw protocolFailure(registry, answer.url, `it is larger than ${limit} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/** The first bytes of a body, at most `limit`; never fails, because what is read is the text of a failure. */
export async function readStart(answer: RegistryAnswer, limit: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of answer.body) {
      chunks.push(chunk);
      size += chunk.byteLength;
      if (size >= limit) break;
    }
  } catch {
    // What came before the cut is better than nothing.
  }
  return Buffer.concat(chunks).subarray(0, limit).toString('utf8');
}

/** Reads a JSON body. Throws `registry-protocol`, which tells web pages from bad JSON. */
export async function readJsonAnswer<T>(
  registry: string,
  answer: RegistryAnswer,
  shape: { readonly schema: z.ZodType<T>; readonly limit: number },
): Promise<T> {
  const text = Buffer.from(await readBody(registry, answer, shape.limit)).toString('utf8');
  const reading = readJson(shape.schema, text);
  if (reading.kind === 'value') return reading.value;
  const problem =
    unexpectedForm(answer, text) ?? `in its JSON, ${reading.field}: ${reading.problem}`;
  throw protocolFailure(registry, answer.url, problem);
}

/** What came instead of a document: a web page, or something that was packed although we asked for it as it is. */
export function unexpectedForm(answer: RegistryAnswer, text: string): string | undefined {
  if (contentType(answer.headers) === 'text/html' || /^\s*<(?:!doctype|html)/i.test(text)) {
    return 'a web page (HTML) came instead of JSON';
  }
  const encoding = headerText(answer.headers, 'content-encoding') ?? 'identity';
  if (encoding !== 'identity') return `it came packed as ${encoding.slice(0, 30)}`;
  return undefined;
}
