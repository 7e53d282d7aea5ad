import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { encodePeFile } from '../../../electron/engine/sample/pe-file.ts';
import { productDir } from '../../support/bundled.ts';

/** A file that the project copies twice, and how it changed. */
export const script = { before: 'first\r\nsecond\r\n', after: 'first\r\nsecond\r\nthird\r\n' };

/** Lines that overwrite a file, hide the PATH of Windows, and add a program whose library is in no base. */
const dockerfile = `# escape=\`
FROM layerwright.local/windows/servercore:ltsc2022
ENV PATH=C:\\app
WORKDIR C:\\app
COPY first\\ .
COPY tools\\ C:\\tools\\
USER ContainerUser
COPY second\\ .
ENTRYPOINT ["cmd", "/C", "C:\\\\app\\\\run.cmd"]
`;

/** Makes a project whose image has something to tell in every tab of the layer panel. */
export async function inspectedProject(projectDir: string): Promise<void> {
  const file = async (name: string, content: string | Uint8Array): Promise<void> => {
    await mkdir(path.dirname(path.join(projectDir, name)), { recursive: true });
    await writeFile(path.join(projectDir, name), content);
  };
  await file('Dockerfile', dockerfile);
  await file('first/run.cmd', script.before);
  await file('second/run.cmd', script.after);
  await file('second/symbols.pdb', new Uint8Array(300_000).fill(7));
  await file('second/dot.png', Buffer.from(dot, 'base64'));
  const imports = [['nowhere.dll', 'Start'] as const];
  const tool = { architecture: 'amd64', isLibrary: false, seed: 'tool', overlaySize: 0 } as const;
  await file('tools/tool.exe', encodePeFile({ ...tool, imports }));
}

/** One red point. */
const dot =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';

/** What the command line says of the same store, as JSON. */
export async function askCommandLine(
  dir: string,
  ...commandLine: readonly string[]
): Promise<unknown> {
  const cli = path.join(productDir, 'electron/cli.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [cli, ...commandLine, '--json'], {
    env: { ...process.env, LAYERWRIGHT_STORE: path.join(dir, 'store') },
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(stdout);
}
