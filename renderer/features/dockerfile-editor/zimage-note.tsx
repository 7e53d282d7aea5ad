import { FileOutput } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { useApp } from '../../app/context.tsx';
import { Button } from '../../components/button.tsx';
import { visible } from '../../components/visible.ts';
import { convertFile, dockerfileFor } from './convert-file.ts';
import type { EditorHost } from './monaco/host.ts';

/** Says what a ZImagefile is here, and makes a Dockerfile of it. */
export function ZImageNote({ host, file }: { readonly host: EditorHost; readonly file: string }) {
  const app = useApp();
  const problems = useStore(host.documents.views, views => views.get(file)?.problems);
  const [busy, setBusy] = useState(false);
  const hasErrors = problems?.some(({ severity }) => severity === 'error') ?? true;
  const convert = async () => {
    setBusy(true);
    try {
      await convertFile(app, file);
    } catch (error) {
      app.stores.notices.getState().tellError(error, 'Convert to Dockerfile');
    } finally {
      setBusy(false);
    }
  };
  return (
    <div role="note" className="editor-note">
      <FileOutput aria-hidden="true" />
      <span>A ZImagefile is built as the Dockerfile that it means.</span>
      <Button
        size="small"
        busy={busy}
        disabled={hasErrors}
        data-tooltip={`Writes ${visible(dockerfileFor(file))}, unless it is there`}
        onClick={() => void convert()}
      >
        Convert to Dockerfile
      </Button>
    </div>
  );
}
