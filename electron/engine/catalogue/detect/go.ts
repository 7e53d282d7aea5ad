import {
  compareVersions,
  firstThere,
  known,
  plainName,
  rootFiles,
  type Detection,
  type ProjectFiles,
} from './detection.ts';

/** The official image has this version for every Windows that is offered here. */
const current = '1.25';

/** A go.mod makes a Go program. */
export function detectGo(files: ProjectFiles): Detection | undefined {
  const text = files.text('go.mod');
  if (text === undefined) return undefined;
  const { go, why } = goVersion(text);
  const program = programOf(files, text);
  return {
    kind: 'go',
    evidence: 'go.mod',
    found: [
      why,
      program.package === undefined
        ? 'No main package was found: name it in the line with go build.'
        : program.package === '.'
          ? 'The program is in the folder itself.'
          : `The program is the package ${program.package}.`,
    ],
    values: known({
      go,
      ...program,
      exe: program.name && `${program.name}.exe`,
      sum: firstThere(files, ['go.sum']) ?? '',
    }),
  };
}

/** The line `go` is the least version; a newer compiler keeps the promise of compatibility. */
function goVersion(text: string): { readonly go: string; readonly why: string } {
  const [, chosen] =
    /^toolchain go(1\.\d{1,3})/m.exec(text) ?? /^go (1\.\d{1,3})/m.exec(text) ?? [];
  if (chosen === undefined)
    return { go: current, why: `Go ${current}: go.mod does not say which one.` };
  return compareVersions(chosen, current) >= 0
    ? { go: chosen, why: `Go ${chosen}, from go.mod.` }
    : { go: current, why: `Go ${current}, which builds what go.mod writes for Go ${chosen}.` };
}

function programOf(files: ProjectFiles, text: string) {
  const [, module = ''] = /^module\s+"?([^\s"]+)/m.exec(text) ?? [];
  const base = module
    .replace(/\/v\d+$/, '')
    .split('/')
    .at(-1);
  const name = plainName(base)?.replaceAll('/', '-');
  const isMain = (file: string) => /^package main\b/m.test(files.text(file) ?? '');
  if (rootFiles(files, /\.go$/).some(isMain)) return { name, package: '.' };
  const command = files.paths.find(file => /^cmd\/[^/]+\/[^/]+\.go$/.test(file) && isMain(file));
  const [, folder] = command?.split('/') ?? [];
  const plain = plainName(folder);
  return plain === undefined ? { name } : { name: plain, package: `./cmd/${plain}` };
}
