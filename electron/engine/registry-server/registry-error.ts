/** The error codes of distribution-spec ("Error Codes"), and two that clients know from docker-registry. */
export type RegistryErrorCode =
  | 'BLOB_UNKNOWN'
  | 'BLOB_UPLOAD_INVALID'
  | 'BLOB_UPLOAD_UNKNOWN'
  | 'DENIED'
  | 'DIGEST_INVALID'
  | 'MANIFEST_BLOB_UNKNOWN'
  | 'MANIFEST_INVALID'
  | 'MANIFEST_UNKNOWN'
  | 'NAME_INVALID'
  | 'NAME_UNKNOWN'
  | 'PAGINATION_NUMBER_INVALID'
  | 'SIZE_INVALID'
  | 'TOOMANYREQUESTS'
  | 'UNKNOWN'
  | 'UNSUPPORTED';

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly detail?: unknown;
}

/** What the registry answers instead of doing what a client asks. */
export class RegistryError extends Error {
  readonly code: RegistryErrorCode;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly detail: unknown;

  constructor(code: RegistryErrorCode, message: string, { status, headers, detail }: Answer) {
    super(message);
    this.code = code;
    this.status = status;
    this.headers = headers ?? {};
    this.detail = detail;
  }
}

export function digestInvalid(digest: string): RegistryError {
  const message = 'a digest is sha256: and 64 hex digits in lower case';
  return new RegistryError('DIGEST_INVALID', message, { status: 400, detail: { digest } });
}

export function blobUnknown(digest: string): RegistryError {
  const message = 'the store has no such blob';
  return new RegistryError('BLOB_UNKNOWN', message, { status: 404, detail: { digest } });
}

export function manifestUnknown(message: string, detail: unknown): RegistryError {
  return new RegistryError('MANIFEST_UNKNOWN', message, { status: 404, detail });
}

export function manifestInvalid(message: string, status = 400): RegistryError {
  return new RegistryError('MANIFEST_INVALID', message, { status });
}
