import { describe, expect, test } from 'vitest';
import { bench, builtImage, nanoserver, topLayer } from './build.ts';

describe('a first build', () => {
  test('puts an image with FROM, COPY, ENV and ENTRYPOINT into the store', async () => {
    await using at = await bench({
      Dockerfile: `# escape=\`\nFROM ${nanoserver}\nWORKDIR C:\\app\nCOPY hello.txt .\\\nENV NAME=world\nENTRYPOINT ["app.exe"]\n`,
      'hello.txt': 'hello',
    });
    const result = await at.build({ tags: ['hello:1'] });
    expect(await topLayer(at.store, result)).toEqual([
      'Hives/',
      'Files/',
      'Files/app/',
      'Files/app/hello.txt=hello',
    ]);
    const { config } = await builtImage(at.store, result);
    expect(config.config).toMatchObject({
      Env: ['NAME=world'],
      Entrypoint: ['app.exe'],
      WorkingDir: 'C:\\app',
    });
    expect(result.layers).toBe(3);
    expect(at.events.map(({ seq }) => seq)).toEqual(at.events.map((_, at) => at));
  });
});
