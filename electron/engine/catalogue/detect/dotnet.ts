import {
  compareVersions,
  known,
  oddNameNote,
  plainName,
  type Detection,
  type ProjectFiles,
} from './detection.ts';

const defaultVersion = '9.0';
/** The oldest version with images on Nano Server for Windows Server 2022. */
const oldest = '6.0';
const oldestFor2025 = '8.0';

/** A project file makes a .NET program; its target framework says of which .NET. */
export function detectDotnet(files: ProjectFiles): Detection | undefined {
  const projects = files.paths.filter(file => /\.(?:cs|fs|vb)proj$/i.test(file));
  const main = projects.find(file => isProgram(files.text(file) ?? '')) ?? projects[0];
  if (main === undefined) return undefined;
  const text = files.text(main) ?? '';
  const [framework = ''] = targetsOf(text);
  const more =
    projects.length > 1
      ? [
          `There are ${projects.length} projects; ${main} is built. Name another one if it is not the program.`,
        ]
      : [];
  return isFramework(framework)
    ? frameworkProject(files, { main, text, framework, more })
    : coreProject(files, { main, text, framework, more });
}

interface Project {
  readonly main: string;
  readonly text: string;
  readonly framework: string;
  readonly more: readonly string[];
}

/** A web site or a program, and no test. */
function isProgram(text: string): boolean {
  if (/Microsoft\.NET\.Test\.Sdk|MSTest|<IsTestProject>true/i.test(text)) return false;
  return isWeb(text) || /<OutputType>\s*(?:Win)?Exe/i.test(text);
}

function isWeb(text: string): boolean {
  return /Sdk="Microsoft\.NET\.Sdk\.Web"|Microsoft\.WebApplication\.targets|\{349c5851-65df-11da-9384-00065b846f21\}/i.test(
    text,
  );
}

/** What `TargetFramework`, `TargetFrameworks` and `TargetFrameworkVersion` say, in this order. */
function targetsOf(text: string): string[] {
  const found = /<TargetFrameworks?(?:Version)?[^>]{0,200}>([^<]{1,200})</i.exec(text)?.[1] ?? '';
  return found.split(';').map(one => one.trim().toLowerCase());
}

function isFramework(target: string): boolean {
  return /^(?:v[1-4](?:\.\d){1,2}|net[1-4]\d{1,2})$/.test(target);
}

function coreProject(files: ProjectFiles, { main, text, framework, more }: Project): Detection {
  const { dotnet, why } = coreVersion(framework, main);
  const pinned = /"version"\s*:\s*"(\d{1,2}\.\d)\./.exec(files.text('global.json') ?? '')?.[1];
  const sdk = pinned !== undefined && compareVersions(pinned, dotnet) >= 0 ? pinned : dotnet;
  const web = isWeb(text);
  const project = plainName(main, true);
  return {
    kind: 'dotnet',
    evidence: main,
    found: [
      why,
      ...(pinned === undefined ? [] : [`The SDK is ${sdk}, for global.json.`]),
      web
        ? 'It is a web program: the runtime is that of ASP.NET Core.'
        : 'It is no web program: the plain runtime does.',
      ...oddNameNote(main, project),
      ...more,
    ],
    values: known({
      sdk,
      dotnet,
      ...(web ? { runtime: 'aspnet', web: 'yes' } : { runtime: 'runtime', web: '' }),
      project,
      folder: project && folderOf(project),
      assembly: assemblyOf(main, text),
    }),
  };
}

function coreVersion(
  framework: string,
  main: string,
): { readonly dotnet: string; readonly why: string } {
  const target = /^net(\d{1,2}\.\d)/.exec(framework)?.[1];
  if (target !== undefined && compareVersions(target, oldest) >= 0) {
    const isOld = compareVersions(target, oldestFor2025) < 0;
    const note = isOld
      ? ' It gets no updates any more, and has no image for Windows Server 2025.'
      : '';
    return { dotnet: target, why: `.NET ${target}, from ${framework} in ${main}.${note}` };
  }
  const why =
    framework === ''
      ? `${main} does not say which one.`
      : `${framework} in ${main} has no image for Windows Server 2022.`;
  return { dotnet: defaultVersion, why: `.NET ${defaultVersion}: ${why}` };
}

function frameworkProject(files: ProjectFiles, project: Project): Detection {
  const { main, text, framework, more } = project;
  const web = isWeb(text);
  const solution = files.paths.find(file => /\.sln$/i.test(file));
  return {
    kind: web ? 'dotnet-framework-web' : 'dotnet-framework',
    evidence: main,
    found: [
      `.NET Framework 4.8.1 runs what is made for ${framework}, as ${main} says; it is the only one with images for Windows Server 2025 as well.`,
      web
        ? 'It is a web site: IIS serves it.'
        : 'It is no web site: the program itself is started.',
      ...more,
    ],
    values: known({
      project: plainName(main, true),
      restore: plainName(solution, true) ?? plainName(main, true),
      assembly: assemblyOf(main, text),
    }),
  };
}

function folderOf(project: string): string {
  const slash = project.lastIndexOf('/');
  return slash < 0 ? '' : project.slice(0, slash + 1);
}

function assemblyOf(main: string, text: string): string | undefined {
  const named = /<AssemblyName>([^<$]{1,200})</i.exec(text)?.[1]?.trim();
  const [file = ''] = main.split('/').slice(-1);
  return plainName(named ?? file.replace(/\.\w+$/, ''), true);
}
