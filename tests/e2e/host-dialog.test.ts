import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { HostCapabilities } from '../../shared/ipc/host-views.ts';
import { loaded, runCommand } from './support/actions.ts';
import { inModes } from './support/app-in-modes.ts';
import { violations } from './support/axe.ts';
import { hasFocus } from './support/keyboard.ts';

inModes('what this machine can do', {}, use => {
  it('is opened from the status bar, checks again, and gives the focus back', async () => {
    const { page } = use().app;
    const item = page.getByRole('contentinfo', { name: 'Status' }).getByRole('button', {
      name: 'Not Windows: builds here, runs on Windows hosts',
    });
    await item.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'This machine' });
    await dialog.getByText(/builds everything but RUN, with the portable backend/).waitFor();
    expect(await dialog.getByRole('heading', { level: 3 }).allInnerTexts()).toEqual([
      'System',
      'Store',
      'Disk space',
      'Node.js',
    ]);
    await dialog.getByRole('button', { name: 'Check again' }).click();
    await dialog.getByRole('button', { name: 'Check again', disabled: false }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await hasFocus(item)).toBe(true);
  });
});

/** A Windows host on which containers are off, as `judgeHost` words it. */
const windowsHost: HostCapabilities = {
  canRun: false,
  summary:
    'Everything but RUN can be built here, with the portable backend. RUN does not work: The Containers feature of Windows is off.',
  checks: [
    {
      check: 'windows',
      title: 'Windows',
      state: 'ok',
      found: 'Windows 11, version 24H2 (build 26100.4652), Professional',
      meaning: 'New enough for containers.',
    },
    {
      check: 'containers',
      title: 'Containers feature',
      state: 'problem',
      found: 'off',
      meaning: 'The Containers feature of Windows is off.',
      remedy: {
        text: 'Turn it on as an administrator, then restart.',
        command: 'Enable-WindowsOptionalFeature -Online -FeatureName Containers -All',
      },
    },
    {
      check: 'hyper-v',
      title: 'Hyper-V',
      state: 'warning',
      found: 'off',
      meaning:
        'Only base images that fit the build of this host can run programs; others need Hyper-V isolation.',
      remedy: {
        text: 'Turn it on as an administrator, then restart.',
        command: 'Enable-WindowsOptionalFeature -Online -FeatureName Microsoft-Hyper-V -All',
      },
    },
    {
      check: 'file-system',
      title: 'File system',
      state: 'unknown',
      found: 'unknown',
      meaning: 'The volume does not tell.',
    },
  ],
};

inModes('what a Windows machine can do', { modes: ['serve'] }, use => {
  it('shows every check with its remedy, and copies the command', async () => {
    const { page } = use().app;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await answerWith(page, 'host.capabilities', windowsHost);
    await runCommand(page, 'Check what this machine can do');
    const dialog = page.getByRole('dialog', { name: 'This machine' });
    const containers = dialog.getByRole('listitem').filter({ hasText: 'Containers feature' });
    await containers.getByRole('button', { name: 'Copy command' }).click();
    await containers.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
      'Enable-WindowsOptionalFeature -Online -FeatureName Containers -All',
    );
    expect(await dialog.getByText('Problem:').count()).toBe(1);
    expect(await dialog.getByText('Warning:').count()).toBe(1);
    expect(await violations(page)).toEqual([]);
  });
});

/** Loads the page anew, with the replies on `channel` replaced. */
async function answerWith(page: Page, channel: string, value: unknown): Promise<void> {
  await page.routeWebSocket(/.*/, socket => {
    const asked = new Set<string>();
    const server = socket.connectToServer();
    socket.onMessage(message => {
      const frame = JSON.parse(String(message)) as { requestId: string; channel?: string };
      if (frame.channel === channel) asked.add(frame.requestId);
      server.send(message);
    });
    server.onMessage(message => {
      const frame = JSON.parse(String(message)) as { requestId?: string };
      const isAsked = frame.requestId !== undefined && asked.delete(frame.requestId);
      socket.send(isAsked ? JSON.stringify({ ...frame, reply: { ok: true, value } }) : message);
    });
  });
  await page.reload();
  await loaded(page);
}
