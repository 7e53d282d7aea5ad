import { useEffect, useRef, useState } from 'react';
import { useApp } from '../../app/context.tsx';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { visible } from '../../components/visible.ts';
import { failureOf } from '../../../shared/failure.ts';
import type { EditorHost } from './monaco/host.ts';

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

function DiffView({ host: { monaco, documents }, file }: Omit<CompareDialogProps, 'onClose'>) {
  const { api, stores } = useApp();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const mine = documents.modelOf(file);
    if (place.current === null || mine === undefined) return;
    const controller = new AbortController();
    const disk = monaco.editor.createModel('', mine.getLanguageId());
    const diff = monaco.editor.createDiffEditor(place.current, {
      automaticLayout: true,
      readOnly: true,
      originalEditable: false,
      minimap: { enabled: false },
      fontSize: stores.settings.getState().settings.fontSize,
      originalAriaLabel: 'On disk',
      modifiedAriaLabel: 'Yours',
    });
    diff.setModel({ original: disk, modified: mine });
    api
      .request('file.read', { file }, controller.signal)
      .then(({ text }) => disk.setValue(text))
      .catch((error: unknown) => {
        if (!controller.signal.aborted) stores.notices.getState().tellError(error, 'Compare');
      });
    return () => {
      controller.abort();
      diff.dispose();
      disk.dispose();
    };
  }, [api, documents, file, monaco, stores]);
  return <div ref={place} className="editor-diff" />;
}
