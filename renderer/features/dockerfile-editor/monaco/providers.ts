import type { BaseTag, ContextPaths } from '../../../../shared/ipc/app-views.ts';
import type { Position } from '../../../../shared/source-range.ts';
import { completionsAt, type Completion } from '../language/completion.ts';
import { pathCompletions, pathPlaceAt } from '../language/path-completion.ts';
import { hoverAt } from '../language/hover.ts';
import { foldingOf, outlineOf, type OutlineItem } from '../language/outline.ts';
import type { Documents } from './documents.ts';
import { dockerfileLanguage, ignoreLanguage } from './languages.ts';
import { codeBlock, escapeMarkdown } from './markdown.ts';
import type * as monaco from './monaco.ts';
import { registerNameProviders } from './name-providers.ts';
import { fromMonaco, positionOf, toMonaco } from './ranges.ts';

type Monaco = typeof monaco;

export interface ProviderDeps {
  readonly documents: Documents;
  readonly baseTags: () => Promise<readonly BaseTag[]>;
  /** What a folder of the build context holds. */
  readonly contextPaths: (file: string, directory: string) => Promise<ContextPaths['entries']>;
  readonly buildStage: (stage: string, isLast: boolean) => void;
}

/** Answers what Monaco asks about Dockerfiles. Once for the life of the page. */
export function registerProviders(monaco: Monaco, deps: ProviderDeps): void {
  registerCompletion(monaco, deps);
  registerHover(monaco, deps);
  registerStructure(monaco, deps);
  registerFormat(monaco, deps);
  registerFixes(monaco, deps);
  registerBuildLens(monaco, deps);
  registerNameProviders(monaco, deps.documents);
}

function registerCompletion({ languages }: Monaco, deps: ProviderDeps): void {
  const { documents, baseTags } = deps;
  const { CompletionItemKind, CompletionItemInsertTextRule } = languages;
  const kinds: Readonly<Record<Completion['kind'], monaco.languages.CompletionItemKind>> = {
    instruction: CompletionItemKind.Keyword,
    flag: CompletionItemKind.Property,
    value: CompletionItemKind.Value,
    stage: CompletionItemKind.Module,
    variable: CompletionItemKind.Variable,
    image: CompletionItemKind.Value,
    file: CompletionItemKind.File,
    folder: CompletionItemKind.Folder,
  };
  languages.registerCompletionItemProvider(dockerfileLanguage, {
    triggerCharacters: ['$', '{', '-', '=', ' ', ':', '/'],
    async provideCompletionItems(model, position) {
      const isFrom = /^\s*from\s/i.test(model.getLineContent(position.lineNumber));
      const images = isFrom ? await baseTags() : [];
      const analysis = documents.quickAnalysisOf(model);
      if (analysis === undefined) return { suggestions: [] };
      const at = positionOf(position);
      const found = [...(await pathsAt(deps, model, at)), ...completionsAt(analysis, at, images)];
      const suggestions = found.map((one, index) => ({
        label: one.label,
        kind: kinds[one.kind],
        insertText: one.insertText,
        range: toMonaco(one.range),
        sortText: String(index).padStart(5, '0'),
        ...(one.detail === undefined ? {} : { detail: one.detail }),
        ...(one.documentation === undefined ? {} : { documentation: one.documentation }),
        // On into the folder that was chosen.
        ...(one.kind === 'folder' ? { command: suggestAgain } : {}),
        ...(one.isSnippet ? { insertTextRules: CompletionItemInsertTextRule.InsertAsSnippet } : {}),
      }));
      return { suggestions };
    },
  });
}

const suggestAgain = { id: 'editor.action.triggerSuggest', title: 'Suggest' };

async function pathsAt(
  { documents, contextPaths }: ProviderDeps,
  model: monaco.editor.ITextModel,
  position: Position,
): Promise<readonly Completion[]> {
  const analysis = documents.quickAnalysisOf(model);
  const place = analysis && pathPlaceAt(analysis, position);
  const file = documents.fileOf(model);
  if (place === undefined || file === undefined) return [];
  const { directory } = place;
  return pathCompletions(place, directory === undefined ? [] : await contextPaths(file, directory));
}

function registerHover({ languages }: Monaco, { documents }: ProviderDeps): void {
  languages.registerHoverProvider(dockerfileLanguage, {
    provideHover(model, position) {
      const analysis = documents.quickAnalysisOf(model);
      const hover = analysis && hoverAt(analysis, positionOf(position));
      if (hover === undefined) return null;
      const contents = hover.parts.map(({ kind, value }) => ({
        value: kind === 'code' ? codeBlock(value) : escapeMarkdown(value),
      }));
      return { contents, range: toMonaco(hover.range) };
    },
  });
}

function registerStructure({ languages }: Monaco, { documents }: ProviderDeps): void {
  const { SymbolKind } = languages;
  const toSymbol = (item: OutlineItem): monaco.languages.DocumentSymbol => ({
    name: item.name,
    detail: item.detail,
    kind: item.kind === 'stage' ? SymbolKind.Module : SymbolKind.Method,
    tags: [],
    range: toMonaco(item.range),
    selectionRange: toMonaco(item.selection),
    children: item.children.map(toSymbol),
  });
  languages.registerDocumentSymbolProvider(dockerfileLanguage, {
    displayName: 'Dockerfile',
    provideDocumentSymbols(model) {
      const analysis = documents.quickAnalysisOf(model);
      return analysis === undefined ? [] : outlineOf(analysis).map(toSymbol);
    },
  });
  languages.registerFoldingRangeProvider(dockerfileLanguage, {
    provideFoldingRanges(model) {
      const analysis = documents.quickAnalysisOf(model);
      return (analysis === undefined ? [] : foldingOf(analysis)).map(({ start, end, kind }) => ({
        start: start + 1,
        end: end + 1,
        ...(kind === 'comment' ? { kind: languages.FoldingRangeKind.Comment } : {}),
      }));
    },
  });
}

function registerFormat({ languages }: Monaco, { documents }: ProviderDeps): void {
  languages.registerDocumentFormattingEditProvider(dockerfileLanguage, {
    displayName: 'Dockerfile',
    provideDocumentFormattingEdits: (model, options) =>
      documents
        .formatEdits(model, options)
        .map(({ range, newText }) => ({ range: toMonaco(range), text: newText })),
  });
}

function registerFixes({ languages }: Monaco, { documents }: ProviderDeps): void {
  const provideCodeActions: monaco.languages.CodeActionProvider['provideCodeActions'] = (
    model,
    range,
  ) => {
    const { start, end } = fromMonaco(range);
    const touched = documents
      .problemsOf(model)
      .filter(
        problem => problem.range.start.line <= end.line && problem.range.end.line >= start.line,
      );
    const actions = touched.flatMap(({ fixes }) =>
      fixes.map((fix, index) => ({
        title: fix.title,
        kind: 'quickfix',
        isPreferred: index === 0,
        edit: {
          edits: fix.edits.map(edit => ({
            resource: model.uri,
            versionId: undefined,
            textEdit: { range: toMonaco(edit.range), text: edit.newText },
          })),
        },
      })),
    );
    return { actions, dispose: () => undefined };
  };
  for (const language of [dockerfileLanguage, ignoreLanguage])
    languages.registerCodeActionProvider(language, { provideCodeActions });
}

function registerBuildLens(monaco: Monaco, { documents, buildStage }: ProviderDeps): void {
  const command = 'layerwright.buildStage';
  monaco.editor.registerCommand(command, (_accessor, stage: string, isLast: boolean) =>
    buildStage(stage, isLast),
  );
  monaco.languages.registerCodeLensProvider(dockerfileLanguage, {
    provideCodeLenses(model) {
      const stages = documents.quickAnalysisOf(model)?.stages ?? [];
      const lenses = stages.map(({ from, name, index }) => ({
        range: toMonaco(from.keywordRange),
        command: {
          id: command,
          title: 'Build to here',
          arguments: [name ?? String(index), index === stages.length - 1],
        },
      }));
      return { lenses, dispose: () => undefined };
    },
  });
}
