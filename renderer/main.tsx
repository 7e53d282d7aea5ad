import { lazy, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { connect } from './api/connect.ts';
import { tellBuildEnds } from './app/build-notices.ts';
import { AppProvider, type App, type Surfaces } from './app/context.tsx';
import { defaultCommands } from './app/default-commands.ts';
import { takeDrops } from './app/drops.ts';
import { tellUpdates } from './app/tell-updates.ts';
import { welcome } from './app/welcome.ts';
import { Frame } from './app/frame.tsx';
import { listenForKeys } from './app/key-listener.ts';
import { createNavigate } from './app/navigate.ts';
import { followTheme } from './app/theme-controller.ts';
import { createStores } from './stores/stores.ts';
import './styles/tokens.css';
import './styles/base.css';

const surfaces: Surfaces = {
  editor: lazy(async () => ({
    default: (await import('./features/dockerfile-editor/index.tsx')).Surface,
  })),
  bases: lazy(async () => ({
    default: (await import('./features/base-browser/index.tsx')).Surface,
  })),
  builds: lazy(async () => ({ default: (await import('./features/build-log/index.tsx')).Surface })),
  layers: lazy(async () => ({
    default: (await import('./features/layer-chain/index.tsx')).Surface,
  })),
  images: lazy(async () => ({ default: (await import('./features/images/index.tsx')).Surface })),
  storage: lazy(async () => ({ default: (await import('./features/storage/index.tsx')).Surface })),
  settings: lazy(async () => ({
    default: (await import('./features/settings/index.tsx')).Surface,
  })),
};

/** Makes everything and passes it down. The window lives as long as the page, so nothing is taken apart again. */
function start(root: HTMLElement): void {
  const api = connect();
  const stores = createStores(api);
  const isMac = navigator.platform.startsWith('Mac');
  const app: App = { api, stores, navigate: createNavigate(stores), isMac };

  stores.commands.getState().register(defaultCommands(app));
  api.on('app.command', ({ command }) => stores.commands.getState().run(command));
  followTheme(stores);
  listenForKeys(stores, isMac);
  tellBuildEnds(app);
  takeDrops(app);
  tellUpdates(app);
  window.addEventListener('pagehide', () => stores.project.getState().keepDrafts());
  void load(app).then(() => welcome(app));

  createRoot(root).render(
    <StrictMode>
      <AppProvider value={app}>
        <Frame surfaces={surfaces} />
      </AppProvider>
    </StrictMode>,
  );
}

async function load({ stores }: App): Promise<void> {
  const { tellError } = stores.notices.getState();
  await Promise.all([
    stores.appInfo.getState().refresh(),
    stores.settings
      .getState()
      .load()
      .catch((error: unknown) => tellError(error, 'The settings could not be read')),
    stores.project.getState().load(),
    stores.builds.getState().refresh(),
    stores.images.getState().refresh(),
    stores.registries.getState().refresh(),
    stores.transfers.getState().refresh(),
  ]);
}

const root = document.getElementById('root');
if (root !== null) start(root);
