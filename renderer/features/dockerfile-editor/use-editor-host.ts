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
  const [tries, setTries] = useState(0);
  const [host, setHost] = useState<Loadable<EditorHost>>(loading);
  useEffect(() => {
    let isWanted = true;
    void settled(hostOf(app)).then(value => isWanted && setHost(value));
    return () => {
      isWanted = false;
    };
  }, [app, tries]);
  const retry = () => {
    setHost(loading);
    setTries(tries + 1);
  };
  return { host, retry };
}
