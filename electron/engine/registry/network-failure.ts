import { AppError } from '../../../shared/failure.ts';
import type { TlsReason, UnreachableReason } from '../../../shared/registry-failure.ts';
import { plainText } from './plain-text.ts';

/** Where a request went when it failed. */
interface Attempt {
  readonly registry: string;
  readonly url: URL;
}

/** Turns an error of undici, of node:net or node:tls into a failure that says which of them it is. */
export function networkFailure(
  error: unknown,
  { registry, url }: Attempt,
  signal: AbortSignal | undefined,
): unknown {
  if (error instanceof AppError) return error;
  if (signal?.aborted) return new AppError({ code: 'cancelled' }, { cause: error });
  if (!(error instanceof Error)) return error;
  const code = codeOf(error);
  const { host } = url;
  const detail = plainText(code === '' ? error.message : code);
  const tlsReason = tlsReasonOf(code);
  if (tlsReason !== undefined) {
    return new AppError(
      { code: 'registry-tls', registry, host, reason: tlsReason, detail },
      { cause: error },
    );
  }
  const reason = unreachableReasonOf(code, error);
  if (reason === undefined) return error;
  return new AppError(
    { code: 'registry-unreachable', registry, host, reason, detail },
    { cause: error },
  );
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

// The names are OpenSSL's (x509_vfy.h, sslerr.h) as node:tls reports them.
const tlsReasons: ReadonlyMap<string, TlsReason> = new Map([
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'unknown-authority'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unknown-authority'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'unknown-authority'],
  ['UNABLE_TO_GET_ISSUER_CERT', 'unknown-authority'],
  ['CERT_UNTRUSTED', 'unknown-authority'],
  ['CERT_HAS_EXPIRED', 'expired'],
  ['CERT_NOT_YET_VALID', 'not-yet-valid'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'wrong-name'],
  ['HOSTNAME_MISMATCH', 'wrong-name'],
  ['CERT_REVOKED', 'revoked'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'no-tls'],
  ['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'no-tls'],
  ['ERR_SSL_HTTP_REQUEST', 'no-tls'],
]);
const clientCertificate =
  /^ERR_SSL_.*ALERT_(?:CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA|CERTIFICATE_UNKNOWN|HANDSHAKE_FAILURE)$/;
const otherTls =
  /^(?:ERR_SSL_|ERR_TLS_|EPROTO$|CERT_|INVALID_CA$|INVALID_PURPOSE$|UND_ERR_PRX_TLS$)/;

function tlsReasonOf(code: string): TlsReason | undefined {
  const known = tlsReasons.get(code);
  if (known !== undefined) return known;
  if (clientCertificate.test(code)) return 'client-certificate';
  return otherTls.test(code) ? 'other' : undefined;
}

const unreachableReasons: ReadonlyMap<string, UnreachableReason> = new Map([
  ['ENOTFOUND', 'dns'],
  ['EAI_AGAIN', 'dns'],
  ['EAI_FAIL', 'dns'],
  ['ECONNREFUSED', 'refused'],
  ['ENETUNREACH', 'no-route'],
  ['EHOSTUNREACH', 'no-route'],
  ['ENETDOWN', 'no-route'],
  ['EADDRNOTAVAIL', 'no-route'],
  ['ETIMEDOUT', 'timeout'],
  ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
  ['UND_ERR_HEADERS_TIMEOUT', 'timeout'],
  ['UND_ERR_BODY_TIMEOUT', 'timeout'],
  ['ECONNRESET', 'interrupted'],
  ['ECONNABORTED', 'interrupted'],
  ['EPIPE', 'interrupted'],
  ['UND_ERR_SOCKET', 'interrupted'],
  ['UND_ERR_INFO', 'interrupted'],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'interrupted'],
  ['UND_ERR_PRX_CONN', 'proxy'],
  ['UND_ERR_HEADERS_OVERFLOW', 'other'],
]);

function unreachableReasonOf(code: string, error: Error): UnreachableReason | undefined {
  if (/^Proxy (?:response|Authentication)/.test(error.message)) return 'proxy';
  const known = unreachableReasons.get(code);
  if (known !== undefined) return known;
  // What came is not HTTP.
  return error.name === 'HTTPParserError' ? 'other' : undefined;
}
