import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BuildRequestInput, SecretSource } from '../../shared/ipc/build-request.ts';
import type { BuildPlanView } from '../../shared/ipc/build-views.ts';
import type { Api } from '../api/api.ts';
import { buildRequestOf } from './build-request.ts';
import { settled } from './loadable.ts';
import type { Project } from './project.ts';
import type { SettingsState } from './settings.ts';

/** What the next build of the open project would do, and what it is given. */
export interface NextBuild {
  /** Of the Dockerfile as it is on disk; absent without one, and as long as it cannot be read. */
  readonly plan?: BuildPlanView | undefined;
  /** Where the values of secrets are, by id. They belong to the open folder, and are not kept. */
  readonly secrets: Readonly<Record<string, SecretSource>>;
  readonly give: (secretId: string, source: SecretSource | undefined) => void;
}

interface NextBuildParts {
  readonly project: StoreApi<Project>;
  readonly settings: StoreApi<SettingsState>;
}

/** Plans the next build anew whenever what it is made of changes. */
export function createNextBuild(
  api: Api,
  { project, settings }: NextBuildParts,
): StoreApi<NextBuild> {
  return createStore<NextBuild>()((set, get) => {
    let dir: string | undefined;
    let asked: string | undefined;

    async function plan(request: BuildRequestInput, key: string): Promise<void> {
      const answer = await settled(api.request('build.plan', request));
      if (key === asked) set({ plan: answer.kind === 'ready' ? answer.value : undefined });
    }

    function look(): void {
      const state = project.getState();
      const open = state.project.kind === 'ready' ? state.project.value : undefined;
      if (open?.dir !== dir) {
        dir = open?.dir;
        set({ secrets: {}, plan: undefined });
      }
      if (open === undefined) return void (asked = undefined);
      // The tag changes with every key, and nothing of the plan with it.
      const choice = { currentFile: state.currentFile, target: state.target, tag: '' };
      const request = buildRequestOf(open, settings.getState().settings, choice);
      const key = JSON.stringify([request, savedText(state, request)]);
      if (key === asked) return;
      asked = key;
      void plan(request, key);
    }

    project.subscribe(look);
    settings.subscribe(look);
    // Another program may have changed a file that is not open here.
    api.on('project.changed', () => {
      asked = undefined;
      look();
    });
    return {
      secrets: {},
      give(secretId, source) {
        const { [secretId]: _, ...others } = get().secrets;
        set({ secrets: source === undefined ? others : { ...others, [secretId]: source } });
      },
    };
  });
}

/** The Dockerfile of the build as it was read last, where it is open. */
function savedText({ files }: Project, { contextDir, dockerfile }: BuildRequestInput) {
  const loaded = files.get(dockerfile?.slice(contextDir.length + 1) ?? '');
  return loaded?.kind === 'ready' ? loaded.value.saved : undefined;
}
