import { PlugZap } from 'lucide-react';
import { useStore } from 'zustand';
import { useApp } from './context.tsx';
import './connection-banner.css';

/** Says that the host does not answer. Builds go on without the window. */
export function ConnectionBanner() {
  const { stores } = useApp();
  const connection = useStore(stores.appInfo, state => state.connection);
  if (connection === 'connected') return null;
  return (
    <div role="alert" className="connection-banner">
      <PlugZap aria-hidden="true" />
      {connection === 'lost'
        ? 'The connection to Layerwright was lost. Trying to connect again; running builds go on.'
        : 'This session has ended. Open the address that Layerwright printed when it started.'}
    </div>
  );
}
