import {
  firstThere,
  known,
  oddNameNote,
  plainName,
  rootFiles,
  type Detection,
  type ProjectFiles,
} from './detection.ts';

/** A page to begin with makes a static site. */
export function detectSite(files: ProjectFiles): Detection | undefined {
  const page = firstThere(files, [
    'index.html',
    'public/index.html',
    'dist/index.html',
    'site/index.html',
  ]);
  if (page === undefined) return undefined;
  const [folder = ''] = page.split('/');
  const site = page.includes('/') ? folder : '.';
  const what = site === '.' ? 'this folder' : `the folder ${site}`;
  return {
    kind: 'static-site',
    evidence: page,
    found: [`IIS serves ${what}.`],
    values: { site: site === '.' ? '.' : `${site}/` },
  };
}

/** Scripts of PowerShell and nothing else. */
export function detectPowershell(files: ProjectFiles): Detection | undefined {
  const scripts = rootFiles(files, /\.ps1$/i);
  const script =
    scripts.find(file => /^(?:main|start|run|entrypoint)\.ps1$/i.test(file)) ?? scripts[0];
  if (script === undefined) return undefined;
  const plain = plainName(script);
  return {
    kind: 'powershell',
    evidence: script,
    found: [`It starts ${script}.`, ...oddNameNote(script, plain)],
    values: known({ script: plain }),
  };
}

/** A program that is built already. */
export function detectExe(files: ProjectFiles): Detection | undefined {
  const programs = rootFiles(files, /\.exe$/i);
  const [exe] = programs;
  if (exe === undefined) return undefined;
  const plain = plainName(exe);
  const others = programs.length - 1;
  return {
    kind: 'exe',
    evidence: exe,
    found: [
      `It starts ${exe}.`,
      ...oddNameNote(exe, plain),
      ...(others > 0
        ? [
            `There ${others === 1 ? 'is one more EXE' : `are ${others} more EXEs`}: copy them too if they belong to it.`,
          ]
        : []),
    ],
    values: known({ exe: plain }),
  };
}
