import { app, session, shell, type WebContents } from 'electron';
import { isOwnAddress } from './app-protocol.ts';
import { isExternalLink } from './external-links.ts';

/** Closes what a page could do beyond showing itself, for every web contents that will ever exist. */
export function guardWebContents(): void {
  app.on('web-contents-created', (_event, contents) => guard(contents));
}

function guard(contents: WebContents): void {
  contents.on('will-navigate', (event, address) => {
    if (!isOwnAddress(address)) event.preventDefault();
  });
  contents.on('will-redirect', event => event.preventDefault());
  contents.on('will-attach-webview', event => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    if (isExternalLink(url)) void shell.openExternal(url);
    return { action: 'deny' };
  });
}

/** The page needs no permission at all but to copy a digest or a log line. */
export function denyPermissions(): void {
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_contents, permission, answer) => {
    answer(permission === 'clipboard-sanitized-write');
  });
  defaultSession.setPermissionCheckHandler(
    (_contents, permission) => permission === 'clipboard-sanitized-write',
  );
  defaultSession.setDevicePermissionHandler(() => false);
}
