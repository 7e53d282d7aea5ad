import type { ProjectView, Settings } from '../../shared/ipc/app-views.ts';
import type { BuildRequestInput, SecretSource } from '../../shared/ipc/build-request.ts';
import { isZPipeline } from '../../shared/zlayer/parse-zpipeline.ts';

/** What is chosen in the window for the next build. */
export interface BuildChoice {
  readonly currentFile?: string | undefined;
  readonly tag: string;
  readonly target?: string | undefined;
  readonly noCache?: boolean;
  /** By id. */
  readonly secrets?: Readonly<Record<string, SecretSource>>;
}

/** Puts together what a build is asked to do. The Dockerfile is the one in the editor, else the project's first. */
export function buildRequestOf(
  project: ProjectView,
  settings: Settings,
  choice: BuildChoice,
): BuildRequestInput {
  const file = dockerfileOf(project.files, choice.currentFile);
  return {
    contextDir: project.dir,
    tags: choice.tag.trim() === '' ? [] : [choice.tag.trim()],
    backend: settings.backend,
    timestamps: settings.timestamps,
    compression: settings.compression,
    run: choice.secrets === undefined ? settings.run : { ...settings.run, secrets: choice.secrets },
    noCache: choice.noCache ?? false,
    ...(file === undefined ? {} : { dockerfile: `${project.dir}/${file}` }),
    ...(settings.platform === '' ? {} : { platform: settings.platform }),
    ...(choice.target === undefined ? {} : { target: choice.target }),
  };
}

/** The Dockerfile that a build of the project uses. */
function dockerfileOf(
  files: readonly string[],
  currentFile: string | undefined,
): string | undefined {
  if (currentFile !== undefined && files.includes(currentFile) && isDockerfile(currentFile)) {
    return currentFile;
  }
  return files.find(isDockerfile);
}

/** A ZImagefile is one too; a ZPipeline has builds of its own. */
function isDockerfile(file: string): boolean {
  return !file.endsWith('.dockerignore') && !isZPipeline(file);
}
