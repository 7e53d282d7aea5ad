import { Copy } from 'lucide-react';
import { useState } from 'react';
import { useApp } from '../../app/context.tsx';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { visibleLines } from '../../components/visible.ts';
import { SettingsRow } from './rows.tsx';

/** What to send along with a question: shown first, so that everybody sees what they pass on. */
export function Diagnostics() {
  const { api, stores } = useApp();
  const [text, setText] = useState<string>();
  const [busy, setBusy] = useState(false);
  const show = () => {
    setBusy(true);
    api
      .request('app.diagnostics', {})
      .then(answer => setText(answer.text))
      .catch((error: unknown) => stores.notices.getState().tellError(error, 'Diagnostics'))
      .finally(() => setBusy(false));
  };
  const copy = (copied: string) => {
    const { tell, tellError } = stores.notices.getState();
    navigator.clipboard.writeText(copied).then(
      () => {
        setText(undefined);
        tell({ tone: 'ok', message: 'Copied the diagnostics.' });
      },
      (error: unknown) => tellError(error, 'The diagnostics could not be copied'),
    );
  };
  return (
    <SettingsRow
      title="Diagnostics"
      text="Versions, what this machine can do, settings, and how the last builds ended; for whoever helps you. Nothing of images, logs, environment or sign-ins is in it."
    >
      <Button busy={busy} onClick={show}>
        Show diagnostics
      </Button>
      {text !== undefined && (
        <Dialog
          title="Diagnostics"
          width="medium"
          onClose={() => setText(undefined)}
          actions={
            <>
              <Button icon={<Copy aria-hidden="true" />} onClick={() => copy(text)}>
                Copy
              </Button>
              <Button variant="primary" onClick={() => setText(undefined)}>
                Close
              </Button>
            </>
          }
        >
          <pre
            className="settings__diagnostics"
            // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it is longer than the dialog, and scrolls by keys
            tabIndex={0}
          >
            {visibleLines(text)}
          </pre>
        </Dialog>
      )}
    </SettingsRow>
  );
}
