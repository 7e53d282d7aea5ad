import { open } from 'node:fs/promises';
import path from 'node:path';
import type { IgnoreMatcher } from '../../../../shared/dockerfile/dockerignore.ts';
import { formatBytes } from '../../../../shared/format-bytes.ts';
import type { PreflightContext, PreflightFinding } from '../../../../shared/ipc/preflight-views.ts';
import { exceedsClassicPath, fileNameProblem } from '../../../../shared/windows/file-names.ts';
import { scanContext } from './scan-context.ts';

/** Of one kind, this many findings say enough. */
const mostOfAKind = 20;
const mostRead = 100;
const readBytes = 64 * 1024;

export interface ContextReport {
  readonly context: PreflightContext;
  readonly findings: readonly PreflightFinding[];
}

export interface ContextOptions {
  readonly dir: string;
  readonly ignore: IgnoreMatcher | undefined;
  /** Whether an instruction copies the whole context: then all that is in it gets into the image. */
  readonly copiesAll: boolean;
}

/** Looks at a context: how large it is, names that Windows cannot hold, and files that look like secrets. */
export async function reportContext(
  { copiesAll, dir, ignore }: ContextOptions,
  signal?: AbortSignal,
): Promise<ContextReport> {
  const names: PreflightFinding[] = [];
  const suspects: Suspect[] = [];
  const context = await scanContext(
    dir,
    {
      ignore,
      onEntry(entry) {
        if (names.length <= mostOfAKind) names.push(...nameFindings(entry));
        const suspect = entry.kind === 'file' ? suspectOf(entry) : undefined;
        if (suspect !== undefined && suspects.length < mostRead) suspects.push(suspect);
      },
      onNames(folder, all) {
        if (names.length <= mostOfAKind) names.push(...collisions(folder, all));
      },
    },
    signal,
  );
  const secrets = await secretFindings(dir, suspects, copiesAll);
  const findings = [
    ...heavyFindings(context, copiesAll),
    ...cut(names, 'names'),
    ...cut(secrets, 'secrets'),
  ];
  return { context, findings };
}

function cut(
  findings: readonly PreflightFinding[],
  check: 'names' | 'secrets',
): readonly PreflightFinding[] {
  if (findings.length <= mostOfAKind) return findings;
  const more: PreflightFinding = {
    check,
    severity: 'info',
    message: 'There are more of this kind.',
  };
  return [...findings.slice(0, mostOfAKind), more];
}

function nameFindings({ name, path: file }: { readonly name: string; readonly path: string }) {
  const problem = fileNameProblem(name);
  const finding = (message: string): PreflightFinding => ({
    check: 'names',
    severity: 'warning',
    message,
    path: file,
  });
  if (problem !== undefined)
    return [finding(`${file} cannot be copied into a Windows image: its name ${problem}.`)];
  return exceedsClassicPath(file)
    ? [finding(`${file} has more than 260 characters below C:\\; many programs cannot open it.`)]
    : [];
}

function collisions(folder: string, names: readonly string[]): PreflightFinding[] {
  const seen = new Map<string, string>();
  return names.flatMap((name): PreflightFinding[] => {
    const key = name.toUpperCase();
    const other = seen.get(key);
    seen.set(key, name);
    if (other === undefined) return [];
    const place = folder === '' ? 'the context' : folder;
    const message = `${other} and ${name} in ${place} are one name on Windows; only one can be copied.`;
    return [
      {
        check: 'names',
        severity: 'warning',
        message,
        path: folder === '' ? name : `${folder}/${name}`,
      },
    ];
  });
}

/** What tools make again, or keep for themselves. */
const heavy: Readonly<Record<string, string>> = {
  '.git': 'the history of the sources',
  node_modules: 'packages that npm installs',
  '.vs': "Visual Studio's own files",
  bin: 'what was built',
  obj: 'what was built',
  target: 'what was built',
  packages: 'packages that NuGet installs',
  '.venv': 'packages that pip installs',
  venv: 'packages that pip installs',
  '.gradle': "Gradle's own files",
  '.next': 'what was built',
};
const heavyFrom = 1024 * 1024;

function heavyFindings(context: PreflightContext, copiesAll: boolean): PreflightFinding[] {
  return context.biggest.flatMap(({ bytes, files, path: name }) => {
    const what = Object.hasOwn(heavy, name) ? heavy[name] : undefined;
    if (what === undefined || (bytes < heavyFrom && name !== '.git')) return [];
    const message = `${name} (${what}) is in the context with ${files} files, ${formatBytes(bytes)}. Add a line "${name}" to .dockerignore unless it is meant to be copied.`;
    return [{ check: 'context', severity: copiesAll ? 'warning' : 'info', message, path: name }];
  });
}

interface Suspect {
  readonly path: string;
  /** Undefined where the name says enough. */
  readonly proof: RegExp | undefined;
}

const privateKey = /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/;
const suspectNames: readonly (readonly [RegExp, RegExp | undefined])[] = [
  [/^\.env(?:\.(?!example$|sample$|template$|dist$)[\w.-]+)?$/i, /^\s*[\w.]+\s*=\s*\S/m],
  [/^id_(?:rsa|dsa|ecdsa|ed25519)$/, privateKey],
  [/\.(?:pem|key)$/i, privateKey],
  [/\.(?:pfx|p12|jks|keystore)$/i, undefined],
  [/^\.npmrc$/, /_auth(?:Token)?\s*=\s*[^\s$]/],
  [/^(?:\.netrc|_netrc|\.pypirc)$/, /password\s*[=:]?\s*\S/i],
  [/^nuget\.config$/i, /ClearTextPassword/],
  [/^(?:secrets?|credentials)\.(?:json|ya?ml)$/i, undefined],
];

function suspectOf({
  name,
  path: file,
}: {
  readonly name: string;
  readonly path: string;
}): Suspect | undefined {
  const found = suspectNames.find(([pattern]) => pattern.test(name));
  return found && { path: file, proof: found[1] };
}

async function secretFindings(
  dir: string,
  suspects: readonly Suspect[],
  copiesAll: boolean,
): Promise<readonly PreflightFinding[]> {
  const findings: PreflightFinding[] = [];
  for (const { path: file, proof } of suspects) {
    if (proof !== undefined && !proof.test(await startOf(path.join(dir, file)))) continue;
    const where = copiesAll ? 'and gets into the image' : 'and may get into an image';
    const message = `${file} looks like a secret, is in the context ${where}. Leave it out with .dockerignore; give it to a RUN with --mount=type=secret.`;
    findings.push({
      check: 'secrets',
      severity: copiesAll ? 'warning' : 'info',
      message,
      path: file,
    });
  }
  return findings;
}

/** What cannot be read cannot be copied either. */
async function startOf(file: string): Promise<string> {
  try {
    await using handle = await open(file);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(readBytes), 0, readBytes, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } catch {
    return '';
  }
}
