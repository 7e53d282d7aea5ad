import type { StoreApi } from 'zustand/vanilla';
import type { Api } from '../api/api.ts';
import { createAppInfo, type AppInfoState } from './app-info.ts';
import { createBuilds, type Builds } from './builds.ts';
import { createCommands, type Commands } from './commands.ts';
import { createImages, type Images } from './images.ts';
import { createNextBuild, type NextBuild } from './next-build.ts';
import { createNotices, type Notices } from './notices.ts';
import { createPathQuestions, type PathQuestions } from './path-questions.ts';
import { createPipelines, type Pipelines } from './pipelines.ts';
import { createProject, type Project } from './project.ts';
import { createRegistries, type RegistriesState } from './registries.ts';
import { createSettings, type SettingsState } from './settings.ts';
import { createTagDetails, type TagDetails } from './tag-details.ts';
import { createTasks, type Tasks } from './tasks.ts';
import { createTransfers, type Transfers } from './transfers.ts';
import { createUi, type Ui } from './ui.ts';

/** All state of the window. */
export interface Stores {
  readonly appInfo: StoreApi<AppInfoState>;
  readonly builds: StoreApi<Builds>;
  readonly commands: StoreApi<Commands>;
  readonly images: StoreApi<Images>;
  readonly nextBuild: StoreApi<NextBuild>;
  readonly notices: StoreApi<Notices>;
  readonly pathQuestions: StoreApi<PathQuestions>;
  readonly pipelines: StoreApi<Pipelines>;
  readonly project: StoreApi<Project>;
  readonly registries: StoreApi<RegistriesState>;
  readonly settings: StoreApi<SettingsState>;
  readonly tagDetails: StoreApi<TagDetails>;
  readonly tasks: StoreApi<Tasks>;
  readonly transfers: StoreApi<Transfers>;
  readonly ui: StoreApi<Ui>;
}

export function createStores(api: Api): Stores {
  const notices = createNotices();
  const appInfo = createAppInfo(api);
  const project = createProject(api);
  const settings = createSettings(api);
  const hasDialogs = () => {
    const { info } = appInfo.getState();
    return info.kind === 'ready' && info.value.dialogs;
  };
  return {
    appInfo,
    builds: createBuilds(api),
    commands: createCommands((error, title) => notices.getState().tellError(error, title)),
    images: createImages(api),
    nextBuild: createNextBuild(api, { project, settings }),
    notices,
    pathQuestions: createPathQuestions(api, hasDialogs),
    pipelines: createPipelines(api),
    project,
    registries: createRegistries(api),
    settings,
    tagDetails: createTagDetails(api),
    tasks: createTasks(api),
    transfers: createTransfers(api, notices),
    ui: createUi(),
  };
}
