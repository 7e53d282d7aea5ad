import { protocol } from 'electron';
import { readBundleFile } from '../ipc/bundle-files.ts';
import { bundleHeaders } from '../ipc/content-policy.ts';
import { crashPage } from './crash-page.ts';

const scheme = 'app';
const host = 'bundle';

export const startUrl = `${scheme}://${host}/index.html`;
export const crashUrl = `${scheme}://${host}/crashed`;

/** Whether an address is one of our own pages. */
export function isOwnAddress(address: string): boolean {
  return address === startUrl || address === crashUrl;
}

/** Must be called before the app is ready. A standard, secure scheme has an origin of its own, unlike file:. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Answers `app://bundle/...` with files of the renderer bundle, and nothing outside of it. */
export function serveAppProtocol(bundleDir: string): void {
  protocol.handle(scheme, async request => {
    const url = new URL(request.url);
    if (request.method !== 'GET' || url.host !== host) return notFound();
    if (request.url === crashUrl) return page(crashPage);
    const file = await readBundleFile(bundleDir, url.pathname);
    if (file === undefined) return notFound();
    return new Response(file.content, {
      headers: { ...bundleHeaders, 'content-type': file.contentType },
    });
  });
}

function page(html: string): Response {
  return new Response(html, {
    headers: { ...bundleHeaders, 'content-type': 'text/html; charset=utf-8' },
  });
}

function notFound(): Response {
  return new Response('There is no such page.\n', {
    status: 404,
    headers: { ...bundleHeaders, 'content-type': 'text/plain; charset=utf-8' },
  });
}
