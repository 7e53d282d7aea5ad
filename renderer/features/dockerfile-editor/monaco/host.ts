import type { App } from '../../../app/context.tsx';
import { baseTagSource } from './base-tags.ts';
import { contextPathSource } from './context-paths.ts';
import { BuildMarks } from './build-marks.ts';
import { Documents } from './documents.ts';
import { registerLanguages } from './languages.ts';
import * as monaco from './monaco.ts';
import { registerProviders } from './providers.ts';
import { applyTheme } from './theme.ts';

/** Monaco with our languages, and the documents in it. There is one for the life of the page. */
export interface EditorHost {
  readonly monaco: typeof monaco;
  readonly documents: Documents;
  readonly buildMarks: BuildMarks;
}

/** Makes the host. `buildStage` is asked for by the line above a FROM. */
export function createEditorHost(
  { api, stores }: App,
  buildStage: (stage: string, isLast: boolean) => void,
): EditorHost {
  registerLanguages(monaco.languages);
  const documents = new Documents(monaco, stores.project);
  registerProviders(monaco, {
    documents,
    baseTags: baseTagSource(api),
    contextPaths: contextPathSource(api),
    buildStage,
  });
  applyTheme(monaco.editor, stores.ui.getState().theme);
  stores.ui.subscribe(({ theme }, before) => {
    if (theme !== before.theme) applyTheme(monaco.editor, theme);
  });
  const buildMarks = new BuildMarks(documents, stores);
  return { monaco, documents, buildMarks };
}
