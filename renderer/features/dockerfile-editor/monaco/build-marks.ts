import { createStore, type StoreApi } from 'zustand/vanilla';
import { valueOr } from '../../../stores/loadable.ts';
import type { BuildView } from '../../../stores/build-view.ts';
import type { Stores } from '../../../stores/stores.ts';
import { annotationsOf, latestBuildOf, type Annotation } from '../language/annotations.ts';
import type { Documents } from './documents.ts';
import { codeBlock } from './markdown.ts';
import type * as monaco from './monaco.ts';

/** What the latest build of a file says about its lines. */
export interface FileMarks {
  readonly build: BuildView;
  readonly annotations: readonly Annotation[];
}

/** Keeps what the latest builds say beside the documents. */
export class BuildMarks {
  readonly marks: StoreApi<ReadonlyMap<string, FileMarks>> = createStore(() => new Map());
  readonly #documents: Documents;
  readonly #stores: Stores;

  constructor(documents: Documents, stores: Stores) {
    this.#documents = documents;
    this.#stores = stores;
    documents.views.subscribe(() => this.#update());
    stores.builds.subscribe((builds, before) => {
      if (builds.views !== before.views) this.#update();
      if (builds.list !== before.list) this.#followLatest();
    });
    stores.project.subscribe((project, before) => {
      if (project.currentFile !== before.currentFile || project.project !== before.project)
        this.#followLatest();
    });
    this.#followLatest();
  }

  #update(): void {
    const dir = this.#dir();
    const marks = new Map<string, FileMarks>();
    const { views } = this.#stores.builds.getState();
    for (const [file, { analysis }] of this.#documents.views.getState()) {
      const build = dir === undefined ? undefined : latestBuildOf(views.values(), dir, file);
      if (build === undefined || analysis === undefined) continue;
      marks.set(file, { build, annotations: annotationsOf(analysis, build) });
    }
    this.marks.setState(marks, true);
  }

  /** A build of an earlier session tells as much about the lines as one of this. */
  #followLatest(): void {
    const dir = this.#dir();
    const { currentFile } = this.#stores.project.getState();
    if (dir === undefined || currentFile === undefined) return;
    const { list, views, follow } = this.#stores.builds.getState();
    const latest = valueOr(list, []).find(
      ({ contextDir, dockerfile }) =>
        contextDir === dir && dockerfile.replaceAll('\\', '/') === `${dir}/${currentFile}`,
    );
    if (latest === undefined || views.has(latest.buildId)) return;
    // Without its events the lines just stay as they are.
    follow(latest.buildId).catch(() => undefined);
  }

  #dir(): string | undefined {
    const { project } = this.#stores.project.getState();
    return project.kind === 'ready' ? project.value?.dir : undefined;
  }
}

/** Monaco would join ordinary blanks. */
const gap = '\u00A0'.repeat(4);

/** The annotations as Monaco draws them: quiet text behind the end of each line. */
export function decorationsOf(
  { annotations }: FileMarks,
  model: monaco.editor.ITextModel,
): monaco.editor.IModelDeltaDecoration[] {
  return annotations
    .filter(({ line }) => line < model.getLineCount())
    .map(({ line, text, tone, isStale, why = [] }) => {
      const column = model.getLineMaxColumn(line + 1);
      const inlineClassName = `editor-mark editor-mark--${tone}${isStale ? ' editor-mark--stale' : ''}`;
      return {
        range: {
          startLineNumber: line + 1,
          startColumn: why.length === 0 ? column : 1,
          endLineNumber: line + 1,
          endColumn: column,
        },
        options: {
          showIfCollapsed: true,
          ...(why.length === 0 ? {} : { hoverMessage: { value: codeBlock(why.join('\n')) } }),
          after: {
            content: `${gap}${text}${isStale ? ' (before the change)' : ''}`,
            inlineClassName,
          },
          ...(tone === 'failed' ? { isWholeLine: true, className: 'editor-failed-line' } : {}),
        },
      };
    });
}
