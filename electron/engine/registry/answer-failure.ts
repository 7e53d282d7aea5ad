import { z } from 'zod';
import { AppError, type Failure } from '../../../shared/failure.ts';
import { readJson } from '../../../shared/oci/json.ts';
import type { RegistryAction } from '../../../shared/registry-failure.ts';
import type { RegistryAnswer } from './exchange.ts';
import { contentType, retryAfterSeconds } from './headers.ts';
import { plainText } from './plain-text.ts';
import { protocolFailure, readStart } from './read-answer.ts';

/** What was attempted, for the wording of failures. */
export interface Purpose {
  readonly registry: string;
  readonly action: RegistryAction;
  readonly repository?: string;
  /** A tag or a digest. */
  readonly reference?: string;
  /** Who is signed in. */
  readonly user?: string;
}

/** What a registry says about a failure (distribution-spec, "Error Codes"). */
export interface RegistryError {
  readonly errorCode: string;
  readonly says: string;
}

const errorLimit = 64 * 1024;

// Read leniently: registries leave out members, and token servers have `details` or OAuth2's `error_description`.
const errorsSchema = z.looseObject({
  errors: z
    .array(
      z.looseObject({
        code: z.unknown().optional(),
        message: z.unknown().optional(),
        detail: z.unknown().optional(),
      }),
    )
    .optional(),
  details: z.unknown().optional(),
  message: z.unknown().optional(),
  error: z.unknown().optional(),
  error_description: z.unknown().optional(),
});

/** Reads the body of an answer that is a failure: at most 64 KiB. Never throws. */
async function readErrors(answer: RegistryAnswer): Promise<RegistryError> {
  const text = await readStart(answer, errorLimit);
  const reading = readJson(errorsSchema, text);
  if (reading.kind === 'wrong') {
    const isPlain = contentType(answer.headers) === 'text/plain';
    return { errorCode: '', says: isPlain ? plainText(text) : '' };
  }
  const { errors = [], details, message, error, error_description } = reading.value;
  const code = errors[0]?.code;
  const texts =
    errors.length > 0
      ? errors.slice(0, 3).map(item => item.message)
      : [[message, details, error_description, error].find(isText)];
  return {
    errorCode: isText(code) && /^[A-Z][A-Z0-9_]{0,63}$/.test(code) ? code : '',
    says: plainText(texts.filter(isText).join('; ')),
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** The failure that an answer with an unexpected status is. */
export async function answerFailure(answer: RegistryAnswer, purpose: Purpose): Promise<AppError> {
  const error = await readErrors(answer);
  const { registry } = purpose;
  if (error.errorCode === '' && answer.status < 400) {
    return protocolFailure(registry, answer.url, `the status ${answer.status} was not expected`);
  }
  return new AppError(failureFor(answer, error, purpose));
}

// Error codes decide before statuses: registries agree more about them.
const missing = new Set(['BLOB_UNKNOWN', 'MANIFEST_UNKNOWN', 'NAME_UNKNOWN', 'NOT_FOUND']);

function failureFor(answer: RegistryAnswer, error: RegistryError, purpose: Purpose): Failure {
  const { errorCode, says } = error;
  const { registry, repository } = purpose;
  const { status } = answer;
  const quote = says === '' ? {} : { says };
  if (status === 429 || errorCode === 'TOOMANYREQUESTS') {
    const seconds = retryAfterSeconds(answer.headers, Date.now());
    const wait = seconds === undefined ? {} : { retryAfterSeconds: seconds };
    return { code: 'registry-rate-limited', registry, ...wait, ...quote };
  }
  const right = missingRight(status, errorCode);
  if (right !== undefined) return { code: right, ...who(purpose), ...quote };
  if (repository !== undefined && (errorCode === '' ? status === 404 : missing.has(errorCode))) {
    const { reference } = purpose;
    const named = reference === undefined || errorCode === 'NAME_UNKNOWN' ? {} : { reference };
    return { code: 'registry-not-found', registry, repository, ...named, ...quote };
  }
  if (status >= 500) return { code: 'registry-server-error', registry, status, ...quote };
  const about = repository === undefined ? {} : { repository };
  return { code: 'registry-refused', registry, ...about, status, errorCode, says };
}

function missingRight(
  status: number,
  errorCode: string,
): 'registry-unauthorized' | 'registry-denied' | undefined {
  if (errorCode === 'DENIED') return 'registry-denied';
  if (status === 401 || errorCode === 'UNAUTHORIZED') return 'registry-unauthorized';
  return status === 403 ? 'registry-denied' : undefined;
}

/** Who wanted what, without the reference. */
function who({ registry, repository, action, user }: Purpose): Omit<Purpose, 'reference'> {
  return {
    registry,
    action,
    ...(repository === undefined ? {} : { repository }),
    ...(user === undefined ? {} : { user }),
  };
}
