import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startDockerRegistry, type DockerRegistry } from '../support/docker-registry.ts';
import { tester } from '../support/token-server.ts';
import { goTo, notice, runCommand, surface } from './support/actions.ts';
import { inModes, sampleProject } from './support/app-in-modes.ts';
import { violations } from './support/axe.ts';

const run = promisify(execFile);
const nanoserver = 'layerwright.local/windows/nanoserver';

let registry: DockerRegistry;
let dir: string;

/** A registry with a password that has one image, pushed by skopeo. */
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'layerwright-e2e-registry-'));
  registry = await startDockerRegistry({ auth: 'htpasswd' });
  const cli = path.resolve(import.meta.dirname, '../../electron/cli.ts');
  const env = { ...process.env, LAYERWRIGHT_STORE: path.join(dir, 'store') };
  const archive = path.join(dir, 'nano.tar');
  await run(process.execPath, [cli, 'samples'], { env });
  await run(process.execPath, [cli, 'save', '-o', archive, `${nanoserver}:ltsc2025`], { env });
  await run('skopeo', [
    'copy',
    '--dest-tls-verify=false',
    `--dest-creds=${tester.username}:${tester.password}`,
    `oci-archive:${archive}`,
    `docker://${registry.host}/bases/nano:ltsc2025`,
  ]);
}, 60_000);

afterAll(async () => {
  await registry?.[Symbol.asyncDispose]();
  await rm(dir, { recursive: true, force: true });
});

async function signIn(login: Locator, password: string): Promise<void> {
  await login.getByRole('textbox', { name: 'User name' }).fill(tester.username);
  await login.getByLabel('Password or access token').fill(password);
  await login.page().keyboard.press('Enter');
}

inModes('registries', { project: sampleProject }, use => {
  it('says in one line that a registry cannot be reached, and shows what the store has', async () => {
    const { page } = use().app;
    await runCommand(page, 'Make the sample base images');
    await notice(page, /^Made \d+ sample base images/).waitFor();
    const bases = await goTo(page, 'Bases');
    await bases.getByRole('option', { name: /Nano Server.*Microsoft/ }).click();
    await bases.getByRole('alert').getByText('The store has no tag of it.').waitFor();
    await bases.getByRole('button', { name: 'Try again' }).waitFor();
  });

  it('adds a registry, which then asks who one is', async () => {
    const { page } = use().app;
    const bases = await goTo(page, 'Bases');
    await bases.getByRole('button', { name: 'Add registry…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a registry' });
    await dialog.getByRole('textbox', { name: 'Registry' }).fill(registry.host);
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: 'Add it anyway' }).click();
    await bases.getByRole('heading', { name: registry.host, exact: true }).waitFor();
    await page.getByRole('dialog', { name: `Sign in to ${registry.host}` }).waitFor();
  });

  it('refuses a wrong password and lets in with the right one; where none can be kept it says how', async () => {
    const { mode, page } = use().app;
    const bases = await goTo(page, 'Bases');
    await bases.getByRole('button', { name: 'Sign in…' }).first().click();
    const login = page.getByRole('dialog', { name: `Sign in to ${registry.host}` });
    if (mode === 'serve') {
      // Without a keychain or a credential helper there is no safe place, and no password is asked for.
      await login.getByText(`layerwright login ${registry.host}`).waitFor();
      expect(await violations(page)).toEqual([]);
      await login.getByRole('button', { name: 'Close' }).last().click();
      await signInElsewhere(use().dir);
      await bases.getByRole('button', { name: 'Try again' }).click();
    } else {
      await signIn(login, 'wrong');
      await login.getByText('does not accept the credentials').waitFor();
      await signIn(login, tester.password);
    }
    await bases.getByRole('row', { name: /bases\/nano/ }).waitFor();
  });

  it('pulls a tag with progress, and has it then', async () => {
    const { page } = use().app;
    const bases = await goTo(page, 'Bases');
    await bases.getByRole('button', { name: 'Favourite 127.0.0.1' }).first().click();
    await bases.getByRole('option', { name: /bases\/nano/ }).click();
    const row = bases.getByRole('row', { name: /ltsc2025.*10\.0\.26100/ });
    await row.waitFor();
    expect(await violations(page)).toEqual([]);
    await bases.getByRole('button', { name: /^Pull/ }).click();
    await notice(page, new RegExp(`^Pulled ${registry.host}/bases/nano:ltsc2025`)).waitFor();
    await row.getByText('stored', { exact: true }).waitFor();
    await bases.getByRole('button', { name: 'Show layers' }).click();
    await surface(page, 'Layers').waitFor();
  });

  it('pushes once it has shown what would be sent', async () => {
    const { page } = use().app;
    const images = await goTo(page, 'Images');
    await images.getByRole('row', { name: /nanoserver:ltsc2022/ }).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Push to a registry…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Push to a registry' });
    const target = `${registry.host}/team/nano:1`;
    await dialog.getByRole('textbox', { name: 'Target' }).fill(target);
    await dialog.getByRole('button', { name: 'Show what would be sent' }).click();
    await dialog.getByText('would be sent').waitFor();
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('button', { name: /^Push/ }).click();
    await notice(page, `Pushed ${target}`).waitFor();
    const { stdout } = await run('skopeo', [
      'inspect',
      '--raw',
      '--tls-verify=false',
      `--creds=${tester.username}:${tester.password}`,
      `docker://${target}`,
    ]);
    expect(JSON.parse(stdout)).toHaveProperty('layers');
  });

  it('composes an index of two Windows versions, and says what does not fit', async () => {
    const { page } = use().app;
    const images = await goTo(page, 'Images');
    await images.getByRole('button', { name: 'Compose index…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Compose an index' });
    await dialog.getByRole('textbox', { name: 'Name of the index' }).fill('shop:1');
    await dialog.getByRole('checkbox', { name: /nanoserver:ltsc2022/ }).check();
    await dialog
      .getByRole('checkbox', { name: /nanoserver:10\.0\.20348/ })
      .first()
      .check();
    await dialog.getByText('hosts could not tell them apart').waitFor();
    expect(await violations(page)).toEqual([]);
    await dialog
      .getByRole('checkbox', { name: /nanoserver:10\.0\.20348/ })
      .first()
      .uncheck();
    await dialog
      .getByRole('checkbox', { name: /nanoserver:ltsc2025/ })
      .first()
      .check();
    await dialog.getByRole('button', { name: 'Make the index' }).click();
    await notice(page, /^Made .*shop:1 for windows\(10\.0\.26100/).waitFor();
    await images.getByRole('row', { name: /shop.*2 platforms/ }).waitFor();
  });
});

/** What a terminal's sign-in would leave behind. */
async function signInElsewhere(appDir: string): Promise<void> {
  const auth = Buffer.from(`${tester.username}:${tester.password}`).toString('base64');
  const folder = path.join(appDir, 'docker');
  await mkdir(folder, { recursive: true });
  const config = { auths: { [registry.host]: { auth } } };
  await writeFile(path.join(folder, 'config.json'), JSON.stringify(config));
}
