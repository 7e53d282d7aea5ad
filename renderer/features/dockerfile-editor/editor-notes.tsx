import { FileDiff, Gauge, ShieldAlert } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { useApp } from '../../app/context.tsx';
import { explain } from '../../../shared/failure.ts';
import { isZImagefile } from '../../../shared/zlayer/read-build-file.ts';
import { visible } from '../../components/visible.ts';
import { Button } from '../../components/button.tsx';
import { CompareDialog } from './compare-dialog.tsx';
import type { EditorHost } from './monaco/host.ts';
import { ZImageNote } from './zimage-note.tsx';
import { useChangedOnDisk } from './use-changed-on-disk.ts';

/** What one should know about the file that is shown: too large for everything, or changed on disk. */
export function EditorNotes({ host, file }: { readonly host: EditorHost; readonly file: string }) {
  const { stores } = useApp();
  const isLarge = useStore(host.documents.views, views => views.get(file)?.isLarge) ?? false;
  const changed = useChangedOnDisk(file);
  const draftFailure = useStore(stores.project, state => state.draftFailure);
  const [comparing, setComparing] = useState(false);
  const revert = () =>
    stores.project
      .getState()
      .revert(file)
      .catch((error: unknown) => stores.notices.getState().tellError(error, 'Load from disk'));
  return (
    <>
      {isZImagefile(file) && <ZImageNote host={host} file={file} />}
      {isLarge && (
        <div role="status" className="editor-note">
          <Gauge aria-hidden="true" />
          <span>
            This file is large. It is checked some seconds after you stop typing; there is no
            outline, no completion and no matching of brackets, and variables are not worked out.
          </span>
        </div>
      )}
      {draftFailure && draftFailure.code !== 'connection-lost' && (
        <div role="alert" className="editor-note editor-note--warn">
          <ShieldAlert aria-hidden="true" />
          <span>
            Unsaved text would be lost in a crash. {visible(explain(draftFailure).message)}{' '}
            {visible(explain(draftFailure).advice ?? '')} Save the file to be safe.
          </span>
        </div>
      )}
      {changed && (
        <div role="alert" className="editor-note editor-note--warn">
          <FileDiff aria-hidden="true" />
          <span>Another program changed this file, and you have changes that are not saved.</span>
          <Button size="small" onClick={() => setComparing(true)}>
            Compare
          </Button>
          <Button size="small" onClick={() => void revert()}>
            Load from disk
          </Button>
        </div>
      )}
      {comparing && <CompareDialog host={host} file={file} onClose={() => setComparing(false)} />}
    </>
  );
}
