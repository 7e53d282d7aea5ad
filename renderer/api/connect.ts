import type { Bridge } from '../../shared/ipc/bridge.ts';
import type { Api } from './api.ts';
import { apiOver } from './bridge-api.ts';
import { socketBridge } from './socket-bridge.ts';

declare global {
  interface Window {
    /** Put there by electron/preload.ts; absent in a browser. */
    readonly bridge?: Bridge;
  }
}

/** Connects to the host of this page: Electron's preload where there is one, else the server that served it. */
export function connect(): Api {
  if (window.bridge) return apiOver(window.bridge);
  const url = new URL('ipc', document.baseURI);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.search = '';
  url.hash = '';
  const socket = socketBridge(url.href);
  return apiOver(socket, socket);
}
