import type { SampleTree, Traits } from './sample-tree.ts';
import { encodePeFile } from './pe-file.ts';
import type { SampleVersion } from './sample-version.ts';
import { seedOf } from './seeded-bytes.ts';
import { importsOf } from './windows-files.ts';

export const system32 = 'Files/Windows/System32';
const sideBySide = 'Files/Windows/WinSxS';

/** The folder of a component in the side-by-side store, named as Windows names them; often over 100 characters. */
export function componentFolder(version: SampleVersion, name: string): string {
  const { architecture, text } = version;
  const hash = seedOf(`${name} ${text}`).toString(16).padStart(8, '0').repeat(2);
  const component = `microsoft-windows-${name.toLowerCase()}-component-sample`;
  return `${sideBySide}/${architecture}_${component}_31bf3856ad364e35_${text}_none_${hash}`;
}

/** A program or library of this version; its bytes differ between versions. */
export function binaryFile(version: SampleVersion, fileName: string): Uint8Array {
  const dot = fileName.lastIndexOf('.');
  const seed = `${fileName} ${version.text} ${version.architecture}`;
  return encodePeFile({
    architecture: version.architecture,
    isLibrary: fileName.endsWith('.dll'),
    imports: importsOf(fileName.slice(0, dot)),
    seed,
    overlaySize: 1024 + (seedOf(seed) % 6_000),
  });
}

/** Adds a library to System32 and the side-by-side store: one file under two names, as Windows services it. */
export function addServicedFile(tree: SampleTree, version: SampleVersion, fileName: string): void {
  const path = `${system32}/${fileName}`;
  tree.file(path, binaryFile(version, fileName));
  tree.hardLink(`${componentFolder(version, fileName)}/${fileName}`, path);
}

/** Adds a file of text with Windows line ends. */
export function addText(tree: SampleTree, path: string, text: string, traits?: Traits): void {
  tree.file(path, Buffer.from(text.replaceAll('\n', '\r\n')), traits);
}
