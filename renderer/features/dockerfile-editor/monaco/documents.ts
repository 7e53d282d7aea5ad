import { createStore, type StoreApi } from 'zustand/vanilla';
import type { OpenFile } from '../../../stores/files.ts';
import { textOf } from '../../../stores/files.ts';
import type { Stores } from '../../../stores/stores.ts';
import { analyze, type Analysis } from '../language/analysis.ts';
import { countProblems, problemsOf, type Problem } from '../language/diagnostics.ts';
import { depthFor } from '../language/document-size.ts';
import { ignoreProblems } from '../language/dockerignore.ts';
import { yamlProblems } from '../language/yaml-problems.ts';
import { checkAside } from './check-aside.ts';
import { formatEdits, serviceDiagnostics } from './language-service.ts';
import { dockerfileLanguage, ignoreLanguage, languageOf, yamlLanguage } from './languages.ts';
import type * as monaco from './monaco.ts';
import { toMonaco } from './ranges.ts';

type Monaco = typeof monaco;
type Model = monaco.editor.ITextModel;

/** What is known of a document, for the panels beside the text. */
export interface DocumentView {
  readonly problems: readonly Problem[];
  /** Absent for a `.dockerignore`, and where the file is large. */
  readonly analysis?: Analysis;
  readonly isLarge: boolean;
}

interface Document {
  readonly file: string;
  readonly model: Model;
  /** The text that the store and the model agreed on last. */
  known: string;
  analysis?: Analysis;
  analysedVersion: number;
  pending: number | undefined;
  /** Of a large text. */
  checking?: AbortController;
}

const owner = 'layerwright';
const pauseMs = 200;
/** A megabyte takes long enough to read that it should not happen between two words. */
const largePauseMs = 3000;

/** The files of the project as Monaco holds them: one model each, whose undo lives as long as the project is open. */
export class Documents {
  /** By file. */
  readonly views: StoreApi<ReadonlyMap<string, DocumentView>> = createStore(() => new Map());
  readonly #monaco: Monaco;
  readonly #project: Stores['project'];
  readonly #documents = new Map<string, Document>();
  #dir: string | undefined;

  constructor(monaco: Monaco, project: Stores['project']) {
    this.#monaco = monaco;
    this.#project = project;
    project.subscribe(() => this.#follow());
    this.#follow();
  }

  /** The model of a file that was read; undefined before. */
  modelOf(file: string): Model | undefined {
    const loaded = this.#project.getState().files.get(file);
    if (loaded?.kind !== 'ready') return undefined;
    return (this.#documents.get(file) ?? this.#open(loaded.value)).model;
  }

  fileOf(model: Model): string | undefined {
    return this.#documentOf(model)?.file;
  }

  /** For what happens while one types: undefined for what is no Dockerfile, and for one that takes long to read. */
  quickAnalysisOf(model: Model): Analysis | undefined {
    return isLarge(model) ? undefined : this.analysisOf(model);
  }

  /** The text as it is now, read; undefined for what is no Dockerfile of the project. */
  analysisOf(model: Model): Analysis | undefined {
    const document = this.#documentOf(model);
    if (document === undefined || model.getLanguageId() !== dockerfileLanguage) return undefined;
    if (document.analysis === undefined || document.analysedVersion !== model.getVersionId()) {
      document.analysis = analyze(this.#textOf(model), depthFor(model.getValueLength()));
      document.analysedVersion = model.getVersionId();
    }
    return document.analysis;
  }

  problemsOf(model: Model): readonly Problem[] {
    const file = this.fileOf(model);
    return (file === undefined ? undefined : this.views.getState().get(file)?.problems) ?? [];
  }

  /** The language service's edits that bring a document into shape. */
  formatEdits(model: Model, options: monaco.languages.FormattingOptions) {
    return formatEdits(this.#textOf(model), options);
  }

  /** Our parser and Monaco agree on lines, whatever ends them on disk. */
  #textOf(model: Model): string {
    return model.getValue(this.#monaco.editor.EndOfLinePreference.LF);
  }

  #documentOf(model: Model): Document | undefined {
    return [...this.#documents.values()].find(document => document.model === model);
  }

  #open(open: OpenFile): Document {
    const text = textOf(open);
    const uri = this.#monaco.Uri.from({ scheme: 'project', path: `/${open.file}` });
    const model = this.#monaco.editor.createModel(text, languageOf(open.file), uri);
    const { file } = open;
    const document: Document = {
      file,
      model,
      known: text,
      analysedVersion: -1,
      pending: undefined,
    };
    this.#documents.set(file, document);
    model.onDidChangeContent(() => {
      const value = model.getValue(undefined, true);
      if (value !== document.known) {
        document.known = value;
        this.#project.getState().edit(file, value);
      }
      this.#checkSoon(document);
    });
    this.#checkSoon(document, 0);
    return document;
  }

  /** Takes over what the store got from elsewhere: another folder, a file reverted or read anew. */
  #follow(): void {
    const { project, files } = this.#project.getState();
    const dir = project.kind === 'ready' ? project.value?.dir : undefined;
    if (dir !== this.#dir) {
      this.#dir = dir;
      for (const document of this.#documents.values()) this.#close(document);
    }
    for (const document of this.#documents.values()) {
      const loaded = files.get(document.file);
      if (loaded?.kind === 'ready') adopt(document, textOf(loaded.value));
    }
  }

  #close(document: Document): void {
    window.clearTimeout(document.pending);
    document.checking?.abort();
    this.#documents.delete(document.file);
    document.model.dispose();
    const views = new Map(this.views.getState());
    views.delete(document.file);
    this.views.setState(views, true);
  }

  #checkSoon(document: Document, pause = this.#pauseOf(document)): void {
    window.clearTimeout(document.pending);
    document.pending = window.setTimeout(() => {
      requestIdleCallback(() => this.#check(document), { timeout: 500 });
    }, pause);
  }

  #pauseOf({ model }: Document): number {
    return isLarge(model) ? largePauseMs : pauseMs;
  }

  #check(document: Document): void {
    const { model } = document;
    if (model.isDisposed()) return;
    const analysis = this.quickAnalysisOf(model);
    if (model.getLanguageId() === yamlLanguage) {
      const problems = yamlProblems(document.file, this.#textOf(model));
      this.#show(document, { problems, isLarge: false });
    } else if (analysis !== undefined) {
      const problems = problemsOf(analysis, serviceDiagnostics(analysis.text));
      this.#show(document, { problems, analysis, isLarge: false });
    } else if (model.getLanguageId() === ignoreLanguage) {
      this.#show(document, { problems: ignoreProblems(this.#textOf(model)), isLarge: false });
    } else void this.#checkLarge(document);
  }

  /** What was found before stays until there is something new. */
  async #checkLarge(document: Document): Promise<void> {
    const { model } = document;
    const { problems } = this.views.getState().get(document.file) ?? { problems: [] };
    this.#show(document, { problems, isLarge: true });
    document.checking?.abort();
    const checking = new AbortController();
    document.checking = checking;
    try {
      const found = await checkAside(this.#textOf(model), checking.signal);
      if (!checking.signal.aborted) this.#show(document, { problems: found, isLarge: true });
    } catch (error) {
      // The next pause starts it anew; without an answer the text just has no marks.
      if (!checking.signal.aborted) reportError(error);
    }
  }

  #show({ file, model }: Document, view: DocumentView): void {
    if (model.isDisposed()) return;
    this.views.setState(new Map(this.views.getState()).set(file, view), true);
    this.#project.getState().setProblems(file, countProblems(view.problems));
    const markers = view.problems.map(problem => this.#marker(problem));
    this.#monaco.editor.setModelMarkers(model, owner, markers);
  }

  #marker({ severity, message, rule, range }: Problem): monaco.editor.IMarkerData {
    const { MarkerSeverity } = this.#monaco;
    const severities = {
      error: MarkerSeverity.Error,
      warning: MarkerSeverity.Warning,
      info: MarkerSeverity.Info,
    };
    return { severity: severities[severity], message, code: rule, ...toMonaco(range) };
  }
}

function isLarge(model: Model): boolean {
  return depthFor(model.getValueLength()) === 'syntax';
}

/** One undo step, which touches only what differs, so that the cursor stays where it was. */
function adopt(document: Document, text: string): void {
  if (text === document.known) return;
  document.known = text;
  const { model } = document;
  const before = model.getValue();
  // The model keeps the byte order mark apart from its text.
  const after = text.replace(/^\uFEFF/, '');
  if (before === after) return;
  const { start, tail } = commonEnds(before, after);
  const from = model.getPositionAt(start);
  const to = model.getPositionAt(before.length - tail);
  const range = {
    startLineNumber: from.lineNumber,
    startColumn: from.column,
    endLineNumber: to.lineNumber,
    endColumn: to.column,
  };
  const edit = { range, text: after.slice(start, after.length - tail) };
  model.pushStackElement();
  model.pushEditOperations(null, [edit], () => null);
  model.pushStackElement();
}

/** How much two texts have in common at their start and, behind that, at their end. */
function commonEnds(a: string, b: string): { readonly start: number; readonly tail: number } {
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let tail = 0;
  const most = Math.min(a.length, b.length) - start;
  while (tail < most && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  return { start, tail };
}
