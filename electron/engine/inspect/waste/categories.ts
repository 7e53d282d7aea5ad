import type { WasteCategory } from '../../../../shared/ipc/inspect-views.ts';

/** A kind of files that an image mostly does not need. */
interface Rule {
  readonly category: WasteCategory;
  /** Matches the path below the layer's root, in upper case. */
  readonly pattern: RegExp;
}

const user = 'FILES/USERS/[^/]+';
const local = `${user}/APPDATA/LOCAL`;

// Places: Microsoft's documentation of Windows Installer, Windows Update, CBS logs and .NET; the manuals of npm, NuGet,
// pip, Yarn, Maven, Gradle, Cargo, Go and Chocolatey name their cache folders.
const rules: readonly Rule[] = [
  rule('installer-caches', 'FILES/WINDOWS/INSTALLER/', 'FILES/PROGRAMDATA/PACKAGE CACHE/'),
  rule(
    'update-downloads',
    'FILES/WINDOWS/SOFTWAREDISTRIBUTION/DOWNLOAD/',
    'FILES/WINDOWS/SOFTWAREDISTRIBUTION/DATASTORE/LOGS/',
  ),
  rule('dumps', '.*\\.(?:DMP|MDMP|HDMP)$', 'FILES/PROGRAMDATA/MICROSOFT/WINDOWS/WER/'),
  rule(
    'package-caches',
    `${user}/\\.(?:NUGET/PACKAGES|M2/REPOSITORY|GRADLE/CACHES|CARGO/REGISTRY|NPM)/`,
    `${local}/(?:NUGET/[^/]*CACHE|NPM-CACHE|PIP/CACHE|YARN/CACHE|GO-BUILD|PNPM-CACHE)/`,
    `${user}/APPDATA/ROAMING/NPM-CACHE/`,
    `${user}/GO/PKG/MOD/CACHE/`,
    'FILES/PROGRAMDATA/CHOCOLATEY/LIB/.*\\.NUPKG$',
    'FILES/PROGRAMDATA/CHOCOLATEY/(?:LIB-BAD|LIB-BKP|CACHE)/',
    `${local}/TEMP/CHOCOLATEY/`,
  ),
  rule('temp', 'FILES/WINDOWS/TEMP/', `${local}/TEMP/`, 'FILES/TE?MP/'),
  rule('debug-symbols', 'FILES/.*\\.PDB$'),
  rule('component-store', 'FILES/WINDOWS/WINSXS/'),
  rule(
    'hives',
    'FILES/WINDOWS/SYSTEM32/CONFIG/',
    'HIVES/',
    `${user}/NTUSER\\.DAT`,
    `${local}/MICROSOFT/WINDOWS/USRCLASS\\.DAT`,
  ),
  rule(
    'logs',
    'FILES/.*\\.(?:EVTX|ETL)$',
    'FILES/WINDOWS/LOGS/',
    'FILES/WINDOWS/PANTHER/',
    'FILES/INETPUB/LOGS/',
    'FILES/WINDOWS/INF/.*\\.LOG$',
    'FILES/PROGRAMDATA/CHOCOLATEY/LOGS/',
  ),
];

function rule(category: WasteCategory, ...patterns: readonly string[]): Rule {
  return { category, pattern: new RegExp(`^(?:${patterns.join('|')})`) };
}

/** The category of a file that is in the image; undefined for what it is made for. */
export function categoryOf(path: string): WasteCategory | undefined {
  const upper = path.toUpperCase();
  return rules.find(({ pattern }) => pattern.test(upper))?.category;
}

interface CategoryText {
  readonly title: string;
  readonly advice: string;
  /** Commands for `cmd` that remove such files in the step that makes them; none where files are not to be removed. */
  readonly cleanUp: readonly string[];
}

/** What is said of each category, and what helps. */
export const categoryTexts: Readonly<Record<WasteCategory, CategoryText>> = {
  overwritten: {
    title: 'Files that a later layer overwrites',
    advice:
      'Write each file once: merge the steps, or put what changes often behind what does not.',
    cleanUp: [],
  },
  deleted: {
    title: 'Files that a later layer deletes',
    advice:
      'A deleted file stays in its layer. Delete it in the step that makes it, or make it in another stage.',
    cleanUp: [],
  },
  'installer-caches': {
    title: 'Installer caches',
    advice:
      'Copies of installers, kept to repair and remove programs. An image is not repaired but built again.',
    cleanUp: ['rd /s /q "C:\\ProgramData\\Package Cache"'],
  },
  'update-downloads': {
    title: 'Downloads of Windows Update',
    advice:
      'Take a newer base image instead of updating inside the build, or remove the downloads.',
    cleanUp: ['rd /s /q C:\\Windows\\SoftwareDistribution\\Download'],
  },
  temp: {
    title: 'Temporary files',
    advice: 'Remove them in the step that makes them.',
    cleanUp: ['del /f /s /q C:\\Windows\\Temp\\* "%TEMP%\\*"'],
  },
  'package-caches': {
    title: 'Caches of package managers',
    advice:
      'Clear the cache in the step that fills it, or install in another stage and copy the result.',
    cleanUp: [],
  },
  'component-store': {
    title: 'Component store (WinSxS)',
    advice:
      'Windows services itself from it. What your own steps add comes from features and updates: take a base that has them. Much of it has a second name in System32 and counts once.',
    cleanUp: [],
  },
  'debug-symbols': {
    title: 'Debug symbols (PDB)',
    advice:
      'Keep them where you publish symbols: add **/*.pdb to .dockerignore, or publish with -p:DebugType=none.',
    cleanUp: ['del /f /s /q C:\\*.pdb'],
  },
  logs: {
    title: 'Event logs and setup logs',
    advice: 'Logs of the build help nobody at run time.',
    cleanUp: ['del /f /s /q C:\\Windows\\Logs\\*'],
  },
  dumps: {
    title: 'Crash dumps',
    advice: 'Something crashed during the build. Look at it, then remove the dump.',
    cleanUp: ['del /f /s /q C:\\*.dmp'],
  },
  hives: {
    title: 'Registry hives and their logs',
    advice:
      'Windows needs them. Each step that changes the registry stores its changes again: fewer steps, fewer copies.',
    cleanUp: [],
  },
  other: { title: 'Other', advice: '', cleanUp: [] },
};

const packageCleanUps: readonly (readonly [RegExp, string])[] = [
  [/\/NPM-CACHE\/|\/\.NPM\//, 'npm cache clean --force'],
  [/NUGET/, 'dotnet nuget locals all --clear'],
  [/\/PIP\/CACHE\//, 'pip cache purge'],
  [/\/YARN\/CACHE\//, 'yarn cache clean'],
  [/\/GO-BUILD\/|\/GO\/PKG\/MOD\//, 'go clean -cache -modcache'],
  [/\/GRADLE\/CACHES\//, 'rd /s /q "%USERPROFILE%\\.gradle\\caches"'],
  [/\/M2\/REPOSITORY\//, 'rd /s /q "%USERPROFILE%\\.m2\\repository"'],
  [/\/CARGO\/REGISTRY\//, 'rd /s /q "%USERPROFILE%\\.cargo\\registry"'],
  [/CHOCOLATEY/, 'del /f /s /q C:\\ProgramData\\chocolatey\\lib\\*.nupkg'],
];

/** The commands that remove the files of a category of which `paths` are examples. */
export function cleanUpCommands(category: WasteCategory, paths: readonly string[]): string[] {
  if (category !== 'package-caches') return [...categoryTexts[category].cleanUp];
  const upper = paths.map(path => path.toUpperCase());
  return packageCleanUps.flatMap(([pattern, command]) =>
    upper.some(path => pattern.test(path)) ? [command] : [],
  );
}
