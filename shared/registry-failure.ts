/** What was asked of a registry: what a person needs rights for. */
export type RegistryAction = 'sign in' | 'list repositories' | 'pull' | 'push' | 'delete';

/** Why nothing came back. `interrupted`: the connection broke off while content was on its way. */
export type UnreachableReason =
  | 'dns'
  | 'refused'
  | 'no-route'
  | 'timeout'
  | 'interrupted'
  | 'proxy'
  | 'other';

export type TlsReason =
  | 'self-signed'
  | 'unknown-authority'
  | 'expired'
  | 'not-yet-valid'
  | 'wrong-name'
  | 'revoked'
  | 'client-certificate'
  | 'no-tls'
  | 'other';

/**
 * What goes wrong with registries and credentials. `host` is where the request went (a mirror, a token server, a place
 * of redirection), `registry` is what the user named. `says` is the registry's own text, bounded and without control
 * characters. URLs are without query, because that may hold secrets.
 */
export type RegistryFailure =
  | {
      readonly code: 'registry-not-found';
      readonly registry: string;
      readonly repository: string;
      /** The tag or digest; without it the repository itself is missing. */
      readonly reference?: string;
      readonly says?: string;
    }
  /** The registry wants credentials, or others than those it was given. */
  | {
      readonly code: 'registry-unauthorized';
      readonly registry: string;
      readonly repository?: string;
      readonly action: RegistryAction;
      /** Who was signed in; undefined for nobody. */
      readonly user?: string;
      readonly says?: string;
    }
  | {
      readonly code: 'registry-denied';
      readonly registry: string;
      readonly repository?: string;
      readonly action: RegistryAction;
      readonly user?: string;
      readonly says?: string;
    }
  | {
      readonly code: 'registry-unreachable';
      readonly registry: string;
      readonly host: string;
      readonly reason: UnreachableReason;
      readonly detail: string;
    }
  | {
      readonly code: 'registry-tls';
      readonly registry: string;
      readonly host: string;
      readonly reason: TlsReason;
      readonly detail: string;
    }
  | {
      readonly code: 'registry-rate-limited';
      readonly registry: string;
      readonly retryAfterSeconds?: number;
      readonly says?: string;
    }
  /** An answer that breaks the protocol: HTML, bad JSON, a wrong digest or length, a hostile redirect. */
  | {
      readonly code: 'registry-protocol';
      readonly registry: string;
      readonly url: string;
      readonly problem: string;
    }
  /** `errorCode` is one of distribution-spec's, or what the registry made up; empty where it gave none. */
  | {
      readonly code: 'registry-refused';
      readonly registry: string;
      readonly repository?: string;
      readonly status: number;
      readonly errorCode: string;
      readonly says: string;
    }
  | {
      readonly code: 'registry-server-error';
      readonly registry: string;
      readonly status: number;
      readonly says?: string;
    }
  /** Something that would have gone over the network unprotected. */
  | {
      readonly code: 'registry-insecure';
      readonly registry: string;
      readonly url: string;
      readonly problem: string;
    }
  /** What the registry, or we, cannot do; `feature` begins a sentence, such as `listing repositories`. */
  | { readonly code: 'registry-unsupported'; readonly registry: string; readonly feature: string }
  /** `source` is a file or a helper program. */
  | { readonly code: 'credentials-failed'; readonly source: string; readonly problem: string }
  /** A certificate, a key or an authority in one of Docker's `certs.d` folders. */
  | { readonly code: 'certificate-unusable'; readonly path: string; readonly problem: string };

interface Explanation {
  readonly message: string;
  readonly advice?: string;
}

type Wording = {
  readonly [C in RegistryFailure['code']]: (
    failure: Extract<RegistryFailure, { code: C }>,
  ) => Explanation;
};

/** The wording of what goes wrong with registries; `explain` is how others come by it. */
export const registryWording: Wording = {
  'registry-not-found': ({ registry, repository, reference, says }) => ({
    message: `${registry} has no ${named(repository, reference)}${quoted(says)}.`,
    advice: `Check the spelling of the repository and the tag. Private repositories look as if they were missing until you sign in with "layerwright login ${registry}".`,
  }),
  'registry-unauthorized': ({ registry, repository, action, user, says }) => ({
    message:
      user === undefined
        ? `${registry} lets only people who are signed in ${task(action, repository)}${quoted(says)}.`
        : `${registry} does not accept the credentials of ${user} to ${task(action, repository)}${quoted(says)}.`,
    advice:
      user === undefined
        ? `Sign in with "layerwright login ${registry}". Some registries answer like this for repositories that do not exist, too.`
        : `Sign in again with "layerwright login ${registry}"; a password or token may have expired.`,
  }),
  'registry-denied': ({ registry, repository, action, user, says }) => ({
    message: `${registry} does not allow ${user ?? 'people who are not signed in'} to ${task(action, repository)}${quoted(says)}.`,
    advice:
      user === undefined
        ? `Sign in with "layerwright login ${registry}".`
        : 'Ask the owner of the repository for the right to do this, or sign in as somebody who has it.',
  }),
  'registry-unreachable': ({ registry, host, reason, detail }) => ({
    message: `${unreachable[reason].message.replaceAll('HOST', through(registry, host))} (${detail}).`,
    advice: unreachable[reason].advice,
  }),
  'registry-tls': ({ registry, host, reason, detail }) => ({
    message: `${tls[reason].message.replaceAll('HOST', through(registry, host))} (${detail}).`,
    advice: tls[reason].advice.replaceAll('HOST', host),
  }),
  'registry-rate-limited': ({ registry, retryAfterSeconds, says }) => ({
    message: `${registry} has had too many requests from here${quoted(says)}.`,
    advice: `${retryAfterSeconds === undefined ? 'Try again later' : `Try again in ${duration(retryAfterSeconds)}`}. Who is signed in is often allowed more ("layerwright login ${registry}"); a mirror helps, too.`,
  }),
  'registry-protocol': ({ registry, url, problem }) => ({
    message: `${registry} gave an answer that cannot be used: ${problem} (${url}).`,
    advice:
      'A proxy, a sign-in page of the network or a faulty registry may be in between. Look at the address in a browser, or ask whoever runs the registry.',
  }),
  'registry-refused': ({ registry, repository, status, errorCode, says }) => ({
    message: `${registry} refused this${repository === undefined ? '' : ` for ${repository}`}: ${says === '' ? `status ${status}` : says}${errorCode === '' ? '' : ` [${errorCode}]`}.`,
    ...(refusals[errorCode] === undefined ? {} : { advice: refusals[errorCode] }),
  }),
  'registry-server-error': ({ registry, status, says }) => ({
    message: `${registry} failed inside (status ${status})${quoted(says)}.`,
    advice: 'Try again in some minutes. If it stays, ask whoever runs the registry.',
  }),
  'registry-insecure': ({ registry, url, problem }) => ({
    message: `${registry}: ${problem} (${url}).`,
    advice:
      'If you trust the network in between, list the registry as insecure (--insecure-registry, or in the settings).',
  }),
  'registry-unsupported': ({ registry, feature }) => ({
    message: `${registry}: ${feature} is not supported.`,
  }),
  'credentials-failed': ({ source, problem }) => ({
    message: `The stored credentials could not be used: ${source}: ${problem}`,
    advice:
      'Repair or remove that entry of the Docker configuration (auths, credsStore, credHelpers), or sign in again with "layerwright login".',
  }),
  'certificate-unusable': ({ path, problem }) => ({
    message: `${path} cannot be used: ${problem}`,
    advice: 'It must be PEM: authorities in *.crt, a client certificate in X.cert with X.key.',
  }),
};

const unreachable: Readonly<
  Record<UnreachableReason, { readonly message: string; readonly advice: string }>
> = {
  dns: {
    message: 'The name of HOST is not known',
    advice: 'Check the spelling of the registry, your connection and your DNS server.',
  },
  refused: {
    message: 'HOST does not accept connections',
    advice: 'Check the port, and that the registry is running.',
  },
  'no-route': {
    message: 'There is no way to HOST',
    advice: 'Check your network connection, VPN and firewall.',
  },
  timeout: {
    message: 'HOST does not answer',
    advice: 'Check your network connection, VPN and firewall, and whether a proxy is needed.',
  },
  interrupted: {
    message: 'The connection to HOST broke off',
    advice: 'Try again: what has arrived is kept where that is possible.',
  },
  proxy: {
    message: 'The proxy does not let us through to HOST',
    advice: 'Check HTTP_PROXY, HTTPS_PROXY and NO_PROXY, and the sign-in of the proxy.',
  },
  other: {
    message: 'HOST cannot be reached',
    advice: 'Check your network connection, and whether a proxy is needed.',
  },
};

const trustIt =
  'If you trust it, put the certificate of its authority (PEM) into ~/.docker/certs.d/HOST/ca.crt.';

const tls: Readonly<Record<TlsReason, { readonly message: string; readonly advice: string }>> = {
  'self-signed': {
    message: 'The certificate of HOST is self-signed, so nobody vouches for it',
    advice: trustIt,
  },
  'unknown-authority': {
    message: 'The certificate of HOST was issued by an authority that is not trusted here',
    advice: `${trustIt} Proxies that look into TLS cause this, too; then use the authority of the proxy.`,
  },
  expired: {
    message: 'The certificate of HOST has expired',
    advice: 'Whoever runs the registry must renew it. Check also that your clock is right.',
  },
  'not-yet-valid': {
    message: 'The certificate of HOST is not valid yet',
    advice: 'Check that your clock is right.',
  },
  'wrong-name': {
    message: 'The certificate of HOST belongs to another name',
    advice: 'Use the name that the certificate has, or ask for a certificate with this name.',
  },
  revoked: {
    message: 'The certificate of HOST has been revoked',
    advice: 'Do not use it. Ask whoever runs the registry.',
  },
  'client-certificate': {
    message: 'HOST wants a client certificate, or does not accept the one it was given',
    advice: 'Put client.cert and client.key (PEM) into ~/.docker/certs.d/HOST/.',
  },
  'no-tls': {
    message: 'HOST does not speak TLS',
    advice:
      'If it is a registry without TLS and you trust the network in between, list it as insecure (--insecure-registry HOST, or in the settings).',
  },
  other: {
    message: 'No secure connection to HOST could be made',
    advice: 'A proxy in between or an outdated server may be the cause.',
  },
};

/** Advice for distribution-spec's error codes ("Error Codes") and two of distribution's own. */
const refusals: Readonly<Record<string, string>> = {
  BLOB_UNKNOWN: 'The content is not in the registry. Push the image again.',
  BLOB_UPLOAD_INVALID: 'The upload went wrong on the way. Push again.',
  BLOB_UPLOAD_UNKNOWN: 'The registry has forgotten the upload. Push again.',
  DIGEST_INVALID: 'What arrived is not what was sent. Push again; a proxy may change content.',
  MANIFEST_BLOB_UNKNOWN:
    'The manifest names content that the repository does not have. Push the image with all its layers (foreign layers too, where the registry does not accept their URLs).',
  MANIFEST_INVALID:
    'The registry does not accept this kind of manifest. Older registries know neither OCI types nor foreign layers without a setting for it.',
  MANIFEST_UNKNOWN: 'Check the tag or digest.',
  NAME_INVALID: 'The registry does not allow this name of a repository.',
  NAME_UNKNOWN: 'Create the repository in the registry first.',
  SIZE_INVALID: 'What arrived has not the announced size. Push again.',
  UNAUTHORIZED: 'Sign in again with "layerwright login".',
  DENIED: 'Ask the owner of the repository for the right to do this.',
  UNSUPPORTED:
    'The registry does not offer this, or whoever runs it has switched it off (docker-registry: storage.delete.enabled, a read-only mode).',
  TOOMANYREQUESTS: 'Try again later.',
  TAG_INVALID: 'The registry does not allow this tag, or tags cannot be changed in it.',
  RANGE_INVALID: 'The upload went wrong on the way. Push again.',
};

function named(repository: string, reference: string | undefined): string {
  if (reference === undefined) return `repository ${repository}`;
  return `${repository}${reference.startsWith('sha256:') ? '@' : ':'}${reference}`;
}

function task(action: RegistryAction, repository: string | undefined): string {
  const preposition = action === 'push' ? 'to' : 'from';
  return repository === undefined ? action : `${action} ${preposition} ${repository}`;
}

function quoted(says: string | undefined): string {
  return says === undefined || says === '' ? '' : ` ("${says}")`;
}

function through(registry: string, host: string): string {
  return host === registry ? host : `${host} (for ${registry})`;
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds} seconds`;
  if (seconds < 7200) return `${Math.ceil(seconds / 60)} minutes`;
  return `${Math.ceil(seconds / 3600)} hours`;
}
