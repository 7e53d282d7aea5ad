import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * The program of the stand-in: it does nothing, and holds a fuse wire as Electron's does
 * (electronjs.org/docs/latest/tutorial/fuses): a sentinel, version 1, nine fuses.
 */
const program = `
__attribute__((used)) static const char wire[] = "dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX" "\\x01\\x09" "101100111";
int main(void) { return wire[0] == 0; }
`;

const versionInfo = `
1 VERSIONINFO
FILEVERSION 45,0,0,0
PRODUCTVERSION 45,0,0,0
BEGIN
  BLOCK "StringFileInfo"
  BEGIN
    BLOCK "040904b0"
    BEGIN
      VALUE "FileDescription", "Electron"
      VALUE "ProductName", "Electron"
      VALUE "FileVersion", "45.0.0"
    END
  END
  BLOCK "VarFileInfo" BEGIN VALUE "Translation", 0x409, 1200 END
END
`;

/**
 * Makes, in the empty folder `dir`, what electron-builder takes for Electron for Windows. Electron's own binary is not
 * to be had here; packing, fuses, resources and integrity are the same with it.
 */
export async function makeElectronDist(dir: string): Promise<void> {
  await mkdir(path.join(dir, 'locales'), { recursive: true });
  await mkdir(path.join(dir, 'resources'));
  await writeFile(path.join(dir, 'main.c'), program);
  await writeFile(path.join(dir, 'version.rc'), versionInfo);
  const tool = (name: string) => `x86_64-w64-mingw32-${name}`;
  await run(tool('windres'), ['version.rc', 'version.o'], { cwd: dir });
  await run(tool('gcc'), ['-O1', '-s', '-mwindows', 'main.c', 'version.o', '-o', 'electron.exe'], {
    cwd: dir,
  });
  await writeFile(path.join(dir, 'version'), '45.4.1');
  await writeFile(path.join(dir, 'locales', 'en-US.pak'), '');
  await writeFile(path.join(dir, 'LICENSE'), 'stand-in');
}
