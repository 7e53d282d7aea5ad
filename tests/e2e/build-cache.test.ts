import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { expect, it } from 'vitest';
import { goTo, surface } from './support/actions.ts';
import { inModes, sampleProject } from './support/app-in-modes.ts';
import { drawnText } from './support/editor.ts';
import { buildSample } from './support/sample-build.ts';

inModes('why a step ran', { modes: ['serve'], project: sampleProject, samples: true }, use => {
  const builds = (): Locator => surface(use().app.page, 'Builds');
  const step = (text: string): Locator =>
    builds().getByRole('option', { name: new RegExp(`^${text}`) });
  const why = (): Locator => builds().getByRole('region', { name: 'Why did this run?' });

  it('is said in the list of steps and behind the line of the editor, and a step can run again from there', async () => {
    const { app, dir } = use();
    const { page } = app;
    await buildSample(page);
    await appendFile(path.join(dir, 'project', 'app', 'hello.cmd'), '\r\nrem changed\r\n');
    await buildSample(page);

    await step('COPY app').click();
    await why().waitFor();
    expect(await why().innerText()).toMatch(
      /app\/hello\.cmd changed \([0-9a-f]{12} → [0-9a-f]{12}\)/,
    );
    await step('COPY --from=site').click();
    await why().getByText('A step below ran: COPY app').waitFor();

    await goTo(page, 'Editor');
    await expect.poll(() => drawnText(page)).toMatch(/COPY app.*· app\/hello\.cmd changed/);

    await goTo(page, 'Builds');
    await step('COPY app').click();
    await why().getByRole('button', { name: 'Run from here without cache' }).click();
    await builds()
      .getByRole('option', { name: /COPY app.*Asked|COPY app.*asked/s })
      .waitFor();
    await step('COPY app').click();
    await why()
      .getByText(/Asked to run from line \d+ on without cache/)
      .waitFor();
    const cached = builds().getByRole('region', { name: 'What was it taken from?' });
    await step('COPY web').click();
    await cached.getByText(/^Same as build .+ \(/).waitFor();
  });
});
