import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import type { Bytes } from '../content/bytes.ts';
import type { RegistryAnswer } from './exchange.ts';
import { contentRange, headerNumber } from './headers.ts';
import { protocolFailure } from './read-answer.ts';

/** A part of a blob: all from `offset` on. */
export interface BlobPart {
  readonly registry: string;
  readonly blob: Descriptor;
  /** In bytes. */
  readonly offset: number;
}

/** The header that asks for a part (RFC 9110, 14.2); none for a whole blob. */
export function rangeHeader(offset: number): Readonly<Record<string, string>> {
  return offset === 0 ? {} : { range: `bytes=${offset}-` };
}

/**
 * The bytes of a part out of an answer of status 200 or 206; a server that ignores ranges sends everything, and what was
 * not asked for is skipped. Throws `registry-protocol` at once where the answer announces another range or length, and
 * later where more or less comes.
 */
export function partContent(answer: RegistryAnswer, part: BlobPart): Bytes {
  const { blob, offset, registry } = part;
  const fail = (problem: string) => protocolFailure(registry, answer.url, problem);
  const isPart = answer.status === 206;
  const range = isPart ? contentRange(answer.headers) : undefined;
  if (isPart && range?.first !== offset) {
    throw fail(`it sent another part of ${blob.digest} than bytes ${offset} and on`);
  }
  const skip = isPart ? 0 : offset;
  const expected = isPart ? blob.size - offset : blob.size;
  const announced = headerNumber(answer.headers, 'content-length') ?? expected;
  const total = range?.total ?? blob.size;
  if (announced !== expected || total !== blob.size) {
    const said = isPart ? `${announced} of ${total}` : `${announced}`;
    throw fail(`${blob.digest} has ${blob.size} bytes, but it announced ${said}`);
  }
  return exactly(answer.body, { skip, want: blob.size - offset, fail });
}

interface Cut {
  readonly skip: number;
  readonly want: number;
  readonly fail: (problem: string) => Error;
}

async function* exactly(content: Bytes, { skip, want, fail }: Cut): Bytes {
  let passed = 0;
  for await (const chunk of content) {
    const from = Math.min(Math.max(skip - passed, 0), chunk.byteLength);
    passed += chunk.byteLength;
    if (passed > skip + want) throw fail(`more than the announced ${want} bytes came`);
    if (from < chunk.byteLength) yield chunk.subarray(from);
  }
  if (passed < skip + want) {
    throw fail(`it ended after ${Math.max(passed - skip, 0)} of ${want} bytes`);
  }
}
