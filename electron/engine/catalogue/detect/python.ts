import {
  compareVersions,
  firstThere,
  known,
  type Detection,
  type ProjectFiles,
} from './detection.ts';

/** The versions that the official image has for Windows; it drops those that get no installers any more. */
const current = ['3.13', '3.14'] as const;

/** Files with the names that Python's tools know make a Python program. */
export function detectPython(files: ProjectFiles): Detection | undefined {
  const evidence = firstThere(files, ['pyproject.toml', 'requirements.txt', 'setup.py', 'Pipfile']);
  if (evidence === undefined) return undefined;
  const { python, why } = pythonVersion(files);
  const requirements = firstThere(files, ['requirements.txt']);
  const isPackage = requirements === undefined && firstThere(files, ['pyproject.toml', 'setup.py']);
  const start = firstThere(files, ['main.py', 'app.py', 'manage.py', 'src/main.py', '__main__.py']);
  return {
    kind: 'python',
    evidence,
    found: [
      why,
      start === undefined
        ? 'No file to start was found: put its name into ENTRYPOINT.'
        : `It starts ${start}, because of its name.`,
      requirements === undefined
        ? 'There is no requirements.txt: the folder itself is installed as a package.'
        : 'Packages are installed from requirements.txt.',
    ],
    values: known({
      python,
      start,
      requirements: requirements ?? '',
      package: isPackage ? 'yes' : '',
    }),
  };
}

function pythonVersion(files: ProjectFiles) {
  const project = files.text('pyproject.toml') ?? '';
  const asked = [
    ['.python-version', /^\s*(3\.\d{1,2})/.exec(files.text('.python-version') ?? '')?.[1]],
    ['runtime.txt', /python-(3\.\d{1,2})/.exec(files.text('runtime.txt') ?? '')?.[1]],
    ['python in pyproject.toml', /^python\s*=\s*"[~^=]*(3\.\d{1,2})/m.exec(project)?.[1]],
  ] as const;
  for (const [place, version] of asked) {
    if (version === undefined) continue;
    const isOld = compareVersions(version, current[0]) < 0;
    const note = isOld ? ' Its image for Windows gets no updates any more.' : '';
    return { python: version, why: `Python ${version}, for ${place}.${note}` };
  }
  const least = /^requires-python\s*=\s*"[^"]{0,20}?>=?\s*(3\.\d{1,2})/m.exec(project)?.[1];
  const python = current.find(one => compareVersions(one, least ?? '3') >= 0) ?? current[0];
  return least === undefined
    ? { python, why: `Python ${python}, because nothing says which one.` }
    : { python, why: `Python ${python}, which is at least the ${least} of requires-python.` };
}
