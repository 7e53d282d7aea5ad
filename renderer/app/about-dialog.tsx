import { useStore } from 'zustand';
import { Dialog } from '../components/dialog.tsx';
import { useApp } from './context.tsx';

/** What this is. */
export function AboutDialog({ onClose }: { readonly onClose: () => void }) {
  const { stores } = useApp();
  const info = useStore(stores.appInfo, state => state.info);
  return (
    <Dialog title="About Layerwright" onClose={onClose}>
      <p>Build Windows container images and see every layer of them.</p>
      {info.kind === 'ready' && (
        <p className="muted">
          Version {info.value.version},{' '}
          {info.value.mode === 'electron' ? 'as a desktop app' : 'served to a browser'}, on{' '}
          {info.value.os}.
        </p>
      )}
      <p className="muted">Nothing you do here is reported to anyone.</p>
    </Dialog>
  );
}
