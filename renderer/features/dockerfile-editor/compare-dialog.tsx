import { useEffect, useRef, useState } from 'react';
import { useApp } from '../../app/context.tsx';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { visible } from '../../components/visible.ts';
import { failureOf } from '../../../shared/failure.ts';
import type { EditorHost } from './monaco/host.ts';
import type * as monaco from './monaco/monaco.ts';

export interface CompareDialogProps {
  readonly host: EditorHost;
  readonly file: string;
  readonly onClose: () => void;
}

/** What is on disk beside what is in the editor, and the choice between the two. */
export function CompareDialog({ host, file, onClose }: CompareDialogProps) {
  const { stores } = useApp();
  const [busy, setBusy] = useState(false);
  const choose = async (keep: 'draft' | 'disk') => {
    setBusy(true);
    try {
      await (keep === 'disk' ? stores.project.getState().revert(file) : keepMine());
      onClose();
    } catch (error) {
      stores.notices.getState().tellError(error, 'Save');
      setBusy(false);
    }
  };
  const keepMine = async () => {
    const { save, resolveConflict } = stores.project.getState();
    try {
      await save(file);
    } catch (error) {
      // The choice that the conflict asks for was made here.
      if (failureOf(error).code !== 'cancelled') throw error;
      await resolveConflict('draft');
    }
  };
  return (
    <Dialog
      title={`${visible(file)}: on disk, and yours`}
      width="large"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Decide later</Button>
          <Button busy={busy} onClick={() => void choose('disk')}>
            Load from disk
          </Button>
          <Button variant="danger" busy={busy} onClick={() => void choose('draft')}>
            Keep mine
          </Button>
        </>
      }
    >
      <DiffView host={host} file={file} />
    </Dialog>
  );
}

const diffOptions = {
  automaticLayout: true,
  readOnly: true,
  originalEditable: false,
  minimap: { enabled: false },
  originalAriaLabel: 'On disk',
  modifiedAriaLabel: 'Yours',
} as const;

/** Monaco throws in the background when a text goes away that it is still comparing. */
function disposeWhenDone(diff: monaco.editor.IStandaloneDiffEditor): void {
  const model = diff.getModel();
  const dispose = () => {
    diff.dispose();
    model?.original.dispose();
  };
  if (model === null || diff.getLineChanges() !== null) dispose();
  else diff.onDidUpdateDiff(dispose);
}

function DiffView({ host, file }: Omit<CompareDialogProps, 'onClose'>) {
  const { api, stores } = useApp();
  const place = useRef<HTMLDivElement>(null);
  const { monaco, documents } = host;
  useEffect(() => {
    const mine = documents.modelOf(file);
    if (place.current === null || mine === undefined) return;
    const controller = new AbortController();
    const options = { ...diffOptions, fontSize: stores.settings.getState().settings.fontSize };
    const diff = monaco.editor.createDiffEditor(place.current, options);
    const show = (text: string) => {
      const original = monaco.editor.createModel(text, mine.getLanguageId());
      diff.setModel({ original, modified: mine });
    };
    api
      .request('file.read', { file }, controller.signal)
      .then(({ text }) => {
        if (!controller.signal.aborted) show(text);
      })
      .catch((error: unknown) => {
        if (!controller.signal.aborted) stores.notices.getState().tellError(error, 'Compare');
      });
    return () => {
      controller.abort();
      disposeWhenDone(diff);
    };
  }, [api, documents, file, monaco, stores]);
  return <div ref={place} className="editor-diff" />;
}
