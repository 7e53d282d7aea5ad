import { useEffect, useState } from 'react';
import { useApp, type App } from '../../app/context.tsx';
import { loading, settled, type Loadable } from '../../stores/loadable.ts';
import { buildStage } from './build-stage.ts';
import type { EditorHost } from './monaco/host.ts';

// Monaco is fetched while the project is still being read.
let chunk = import('./monaco/host.ts');
const hosts = new WeakMap<App, Promise<EditorHost>>();

function hostOf(app: App): Promise<EditorHost> {
  const known = hosts.get(app);
  if (known !== undefined) return known;
  const made = chunk.then(({ createEditorHost }) =>
    createEditorHost(app, (stage, isLast) => {
      buildStage(app, stage, isLast).catch((error: unknown) =>
        app.stores.notices.getState().tellError(error, 'Build to here'),
      );
    }),
  );
  hosts.set(app, made);
  made.catch(() => {
    hosts.delete(app);
    chunk = import('./monaco/host.ts');
  });
  return made;
}

/** The editor's host as soon as it is loaded. */
export function useEditorHost(): {
  readonly host: Loadable<EditorHost>;
  readonly retry: () => void;
} {
  const app = useApp();
  const [host, setHost] = useState<Loadable<EditorHost>>(loading);
  useEffect(() => {
    void settled(hostOf(app)).then(setHost);
  }, [app]);
  const retry = () => {
    setHost(loading);
    void settled(hostOf(app)).then(setHost);
  };
  return { host, retry };
}
