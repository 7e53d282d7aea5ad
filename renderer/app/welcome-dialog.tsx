import { FolderOpen, Hammer } from 'lucide-react';
import type { HostCapabilities } from '../../shared/ipc/host-views.ts';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { FailureView } from '../components/failure-view.tsx';
import { Skeleton } from '../components/skeleton.tsx';
import { visible } from '../components/visible.ts';
import { useApp } from './context.tsx';
import { HostCheckList, useCapabilities } from './host-dialog.tsx';
import { useChangeSettings } from './use-change-settings.ts';

/** The first start: what works on this machine, what is missing, and three ways to begin. */
export function WelcomeDialog({ onClose }: { readonly onClose: () => void }) {
  const { stores } = useApp();
  const change = useChangeSettings();
  const { capabilities } = useCapabilities();
  const close = () => {
    onClose();
    change({ welcomed: true });
  };
  const begin = (command: string) => () => {
    close();
    stores.commands.getState().run(command);
  };
  return (
    <Dialog
      title="Welcome to Layerwright"
      width="medium"
      onClose={close}
      actions={
        <>
          <Button onClick={close}>Look around</Button>
          <Button icon={<FolderOpen aria-hidden="true" />} onClick={begin('project.openFolder')}>
            Open a folder…
          </Button>
          <Button
            variant="primary"
            icon={<Hammer aria-hidden="true" />}
            onClick={begin('build.start')}
          >
            Build the sample
          </Button>
        </>
      }
    >
      <p>
        Build Windows container images and see every layer of them. A sample project is open: it
        builds in seconds, without a network and without an administrator.
      </p>
      {capabilities.kind === 'loading' && <Skeleton lines={3} label="Checking this machine" />}
      {capabilities.kind === 'failed' && (
        <FailureView failure={capabilities.failure} title="This machine could not be checked" />
      )}
      {capabilities.kind === 'ready' && <Missing capabilities={capabilities.value} />}
      <p className="muted">Nothing you do here is reported to anyone.</p>
    </Dialog>
  );
}

/** Only what is not as it should be; the rest is behind the status bar. */
function Missing({ capabilities }: { readonly capabilities: HostCapabilities }) {
  const { summary, checks } = capabilities;
  const missing = checks.filter(({ state }) => state === 'problem' || state === 'warning');
  return (
    <>
      <h3>This machine</h3>
      <p aria-live="polite">{visible(summary)}</p>
      {missing.length > 0 && <HostCheckList checks={missing} />}
    </>
  );
}
