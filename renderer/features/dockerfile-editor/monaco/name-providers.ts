import { definitionOf, nameAt, renameProblem, usesAt } from '../language/names.ts';
import type { Documents } from './documents.ts';
import { dockerfileLanguage } from './languages.ts';
import type * as monaco from './monaco.ts';
import { positionOf, toMonaco } from './ranges.ts';

type Monaco = typeof monaco;

/** Definition, references, highlights and rename of stages and variables. */
export function registerNameProviders({ languages }: Monaco, documents: Documents): void {
  languages.registerDefinitionProvider(dockerfileLanguage, {
    provideDefinition(model, position) {
      const analysis = documents.quickAnalysisOf(model);
      const range = analysis && definitionOf(analysis, positionOf(position));
      return range === undefined ? null : { uri: model.uri, range: toMonaco(range) };
    },
  });
  languages.registerReferenceProvider(dockerfileLanguage, {
    provideReferences: (model, position) =>
      usesIn(documents, model, position).map(({ range }) => ({
        uri: model.uri,
        range: toMonaco(range),
      })),
  });
  languages.registerDocumentHighlightProvider(dockerfileLanguage, {
    provideDocumentHighlights: (model, position) =>
      usesIn(documents, model, position).map(({ range }) => ({ range: toMonaco(range) })),
  });
  languages.registerRenameProvider(dockerfileLanguage, {
    resolveRenameLocation(model, position) {
      const analysis = documents.quickAnalysisOf(model);
      const use = analysis && nameAt(analysis, positionOf(position));
      if (use !== undefined) return { range: toMonaco(use.range), text: use.name };
      const range = toMonaco({ start: positionOf(position), end: positionOf(position) });
      return { range, text: '', rejectReason: 'Only stages and variables can be renamed.' };
    },
    provideRenameEdits(model, position, newName) {
      const analysis = documents.quickAnalysisOf(model);
      const use = analysis && nameAt(analysis, positionOf(position));
      if (use === undefined) return { edits: [], rejectReason: 'There is no name here.' };
      const rejectReason = renameProblem(use, newName, analysis?.stages ?? []);
      if (rejectReason !== undefined) return { edits: [], rejectReason };
      const edits = usesIn(documents, model, position).map(({ range }) => ({
        resource: model.uri,
        versionId: undefined,
        textEdit: { range: toMonaco(range), text: newName },
      }));
      return { edits };
    },
  });
}

function usesIn(documents: Documents, model: monaco.editor.ITextModel, position: monaco.IPosition) {
  const analysis = documents.quickAnalysisOf(model);
  return (analysis && usesAt(analysis, positionOf(position))) ?? [];
}
