import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A certificate and its key, as PEM files. */
export interface KeyPair {
  readonly certFile: string;
  readonly keyFile: string;
}

/** A certificate authority that nobody trusts yet, and what it has signed. */
export interface TestAuthority {
  readonly caFile: string;
  readonly ca: string;
  /** For `localhost`, `127.0.0.1` and `::1`. */
  readonly server: KeyPair;
  readonly client: KeyPair;
}

/** Makes an authority, a server certificate and a client certificate in `dir`, with openssl. */
export async function createAuthority(dir: string): Promise<TestAuthority> {
  const ca = await selfSigned(dir, 'ca', 'Layerwright test authority');
  const server = await signed(dir, ca, {
    name: 'server',
    subject: 'localhost',
    extensions: 'subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1\nextendedKeyUsage=serverAuth\n',
  });
  const client = await signed(dir, ca, {
    name: 'client',
    subject: 'tester',
    extensions: 'extendedKeyUsage=clientAuth\n',
  });
  return { caFile: ca.certFile, ca: await readFile(ca.certFile, 'utf8'), server, client };
}

/** A certificate that signs itself, for two days. */
export async function selfSigned(dir: string, name: string, subject: string): Promise<KeyPair> {
  const pair = pairIn(dir, name);
  await openssl(`req -x509 -days 2 ${newKey}`, {
    subj: `/CN=${subject}`,
    keyout: pair.keyFile,
    out: pair.certFile,
  });
  return pair;
}

interface Certificate {
  readonly name: string;
  readonly subject: string;
  readonly extensions: string;
}

async function signed(dir: string, ca: KeyPair, wanted: Certificate): Promise<KeyPair> {
  const pair = pairIn(dir, wanted.name);
  const requestFile = path.join(dir, `${wanted.name}.csr`);
  const extensionFile = path.join(dir, `${wanted.name}.ext`);
  await writeFile(extensionFile, wanted.extensions);
  await openssl(`req ${newKey}`, {
    subj: `/CN=${wanted.subject}`,
    keyout: pair.keyFile,
    out: requestFile,
  });
  await openssl('x509 -req -days 2 -CAcreateserial', {
    in: requestFile,
    extfile: extensionFile,
    CA: ca.certFile,
    CAkey: ca.keyFile,
    out: pair.certFile,
  });
  return pair;
}

const newKey = '-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes';

async function openssl(words: string, values: Readonly<Record<string, string>>): Promise<void> {
  const named = Object.entries(values).flatMap(([name, value]) => [`-${name}`, value]);
  await run('openssl', [...words.split(' '), ...named]);
}

function pairIn(dir: string, name: string): KeyPair {
  return { certFile: path.join(dir, `${name}.pem`), keyFile: path.join(dir, `${name}.key`) };
}
