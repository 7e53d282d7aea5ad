import { spawn } from 'node:child_process';

/** Opens an address of ours in the default browser. Where that fails the address in the terminal remains. */
export function openInBrowser(url: string): void {
  const [command, args] = openerOf(process.platform, url);
  const child = spawn(command, args, { detached: true, stdio: 'ignore' });
  child.on('error', () => undefined);
  child.unref();
}

function openerOf(os: NodeJS.Platform, url: string): readonly [string, readonly string[]] {
  if (os === 'win32') return ['rundll32', ['url.dll,FileProtocolHandler', url]];
  return os === 'darwin' ? ['open', [url]] : ['xdg-open', [url]];
}
