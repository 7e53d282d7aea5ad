import { firstThere, known, plainName, type Detection, type ProjectFiles } from './detection.ts';

/** A release of each line that nodejs.org has as win-x64 zip; the newest line with long support first. */
const releases = ['22.20.0', '24.11.0', '20.19.5'] as const;

interface Manifest {
  readonly main?: unknown;
  readonly engines?: unknown;
  readonly scripts?: unknown;
}

/** A package.json makes a Node.js program. */
export function detectNode(files: ProjectFiles): Detection | undefined {
  if (!files.paths.includes('package.json')) return undefined;
  const manifest = manifestOf(files.text('package.json'));
  const { node, why } = nodeVersion(files, manifest);
  const start = startOf(files, manifest);
  const lock = firstThere(files, ['package-lock.json', 'yarn.lock', 'pnpm-lock.yaml']);
  const hasBuild = typeof fieldOf(manifest.scripts, 'build') === 'string';
  return {
    kind: 'node',
    evidence: 'package.json',
    found: [
      why,
      start === undefined
        ? 'No file to start was found: put its name into ENTRYPOINT.'
        : `It starts ${start.file}, as ${start.why} says.`,
      installWhy(lock),
      ...(hasBuild ? ['The script "build" is run before the packages for development go.'] : []),
    ],
    values: known({
      node,
      start: start?.file,
      lock,
      install: installCommand(lock),
      build: hasBuild ? 'npm run build' : '',
    }),
  };
}

function manifestOf(text: string | undefined): Manifest {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    // Somebody is in the middle of writing it: a Node.js program all the same.
    return {};
  }
}

function fieldOf(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([name]) => name === field)?.[1]
    : undefined;
}

function nodeVersion(files: ProjectFiles, manifest: Manifest) {
  const engines = fieldOf(manifest.engines, 'node');
  const asked = [
    ['.nvmrc', files.text('.nvmrc')],
    ['.node-version', files.text('.node-version')],
    ['engines in package.json', typeof engines === 'string' ? engines : undefined],
  ] as const;
  for (const [place, text] of asked) {
    const [, major, rest] = /(\d{1,2})(\.\d{1,2}\.\d{1,2})?/.exec(text?.slice(0, 100) ?? '') ?? [];
    if (major === undefined) continue;
    const isExact = rest !== undefined && /^\s*[v=]?\d/.test(text ?? '');
    const release = isExact ? `${major}${rest}` : releaseOf(major, text ?? '');
    if (release !== undefined) return { node: release, why: `Node.js ${release}, for ${place}.` };
    return {
      node: releases[0],
      why: `Node.js ${releases[0]}: ${place} names no release that is known here; set NODE_VERSION to yours.`,
    };
  }
  return { node: releases[0], why: `Node.js ${releases[0]}, because nothing says which one.` };
}

/** A known release of the line; `>=18` and the like take the newest line with long support. */
function releaseOf(major: string, text: string): string | undefined {
  const exact = releases.find(release => release.startsWith(`${major}.`));
  if (exact !== undefined) return exact;
  return /^\s*>/.test(text) && Number(major) <= 22 ? releases[0] : undefined;
}

function startOf(files: ProjectFiles, manifest: Manifest) {
  const script = fieldOf(manifest.scripts, 'start');
  const [, started] =
    typeof script === 'string' ? (/^node\s+(\S+)$/.exec(script.trim()) ?? []) : [];
  const candidates = [
    [started, 'the script "start"'],
    [typeof manifest.main === 'string' ? manifest.main : undefined, '"main"'],
    [
      firstThere(files, ['server.js', 'index.js', 'app.js', 'src/index.js', 'src/server.js']),
      'its name',
    ],
  ] as const;
  for (const [name, why] of candidates) {
    const file = plainName(name?.replace(/^\.\//, ''));
    if (file !== undefined) return { file, why };
  }
  return undefined;
}

function installCommand(lock: string | undefined): string {
  switch (lock) {
    case 'package-lock.json':
      return 'npm ci';
    case 'yarn.lock':
      return 'npx --yes yarn@1 install --frozen-lockfile';
    case 'pnpm-lock.yaml':
      return 'npx --yes pnpm@10 install --frozen-lockfile';
    default:
      return 'npm install';
  }
}

function installWhy(lock: string | undefined): string {
  return lock === undefined
    ? 'There is no lock file: packages may differ from one build to the next.'
    : `Packages are installed as ${lock} says.`;
}
