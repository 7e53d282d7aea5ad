import { X509Certificate } from 'node:crypto';
import { opendir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { AppError } from '../../../shared/failure.ts';
import { errnoOf, fileFailure } from '../content/file-system.ts';
import { plainText } from './plain-text.ts';

const largestFile = 1024 * 1024;
const mostFiles = 100;

/** The folders in which Docker looks for `certs.d`, and `~/.docker`, where one needs no rights of an administrator. */
export function certificateFolders(
  environment: Readonly<Record<string, string | undefined>>,
  dockerFolder: string,
): readonly string[] {
  const machine =
    process.platform === 'win32'
      ? path.join(environment['ProgramData'] ?? String.raw`C:\ProgramData`, 'docker', 'certs.d')
      : '/etc/docker/certs.d';
  return [path.join(dockerFolder, 'certs.d'), machine];
}

interface Material {
  readonly authorities: string[];
  readonly certificates: string[];
  readonly keys: string[];
}

/**
 * What a TLS connection to `host` (with its port) trusts and shows: the authorities of Node and of the operating system,
 * and what lies in `<folder>/<host>/`: `*.crt` are authorities, `X.cert` with `X.key` client certificates (Docker, "Verify
 * repository client with certificates"). Throws `certificate-unusable`.
 */
export async function secureContextFor(
  host: string,
  folders: readonly string[],
): Promise<SecureContext> {
  const material: Material = { authorities: [], certificates: [], keys: [] };
  // A colon cannot be in a file name of Windows; Docker leaves it out there.
  const name = process.platform === 'win32' ? host.replaceAll(':', '') : host;
  const paths: string[] = [];
  for (const folder of folders)
    paths.push(...(await readFolder(path.join(folder, name), material)));
  if (paths.length === 0) return commonContext();
  try {
    return createSecureContext({
      ca: [commonAuthorities(), ...material.authorities],
      ...(material.certificates.length === 0
        ? {}
        : { cert: material.certificates, key: material.keys }),
    });
  } catch (error) {
    throw unusable(paths.join(', '), error instanceof Error ? error.message : String(error));
  }
}

let authorities: string | undefined;
let contextOfMost: SecureContext | undefined;

/** Companies put their own authorities into the operating system's store, which Node alone does not look at. */
function commonAuthorities(): string {
  authorities ??= [
    ...new Set([...getCACertificates('default'), ...getCACertificates('system')]),
  ].join('\n');
  return authorities;
}

/** Made once: OpenSSL reads hundreds of certificates for it, which takes a tenth of a second. */
function commonContext(): SecureContext {
  contextOfMost ??= createSecureContext({ ca: commonAuthorities() });
  return contextOfMost;
}

async function readFolder(folder: string, material: Material): Promise<readonly string[]> {
  const names = await namesIn(folder);
  const read: string[] = [];
  for (const name of names) {
    const file = path.join(folder, name);
    if (name.endsWith('.crt')) {
      material.authorities.push(await readCertificate(file));
      read.push(file);
    } else if (name.endsWith('.cert')) {
      const keyName = name.replace(/\.cert$/, '.key');
      if (!names.includes(keyName)) throw unusable(file, `there is no ${keyName} beside it.`);
      material.certificates.push(await readCertificate(file));
      material.keys.push(await readPem(path.join(folder, keyName)));
      read.push(file);
    }
  }
  return read;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  const names: string[] = [];
  try {
    for await (const entry of await opendir(folder)) {
      names.push(entry.name);
      if (names.length === mostFiles) break;
    }
  } catch (error) {
    const errno = errnoOf(error);
    // Where others may not look, Docker's own folder is none of our business.
    if (errno === 'ENOENT' || errno === 'ENOTDIR' || errno === 'EACCES') return [];
    throw fileFailure(error, 'read', folder);
  }
  return names.sort();
}

/** OpenSSL passes over what it cannot read; then nobody would know why the registry is not trusted. */
async function readCertificate(file: string): Promise<string> {
  const text = await readPem(file);
  try {
    void new X509Certificate(text);
    return text;
  } catch (error) {
    throw unusable(file, error instanceof Error ? error.message : String(error));
  }
}

async function readPem(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > largestFile) throw unusable(file, `it has ${size} bytes.`);
    const text = await readFile(file, 'utf8');
    if (!text.includes('-----BEGIN ')) throw unusable(file, 'it is not PEM.');
    return text;
  } catch (error) {
    throw fileFailure(error, 'read', file);
  }
}

function unusable(file: string, problem: string): AppError {
  return new AppError({ code: 'certificate-unusable', path: file, problem: plainText(problem) });
}
