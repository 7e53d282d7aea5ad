import { addServicedFile, addText, binaryFile, componentFolder, system32 } from './components.ts';
import { createSampleTree, type SampleEntry } from './sample-tree.ts';
import { deltaHives } from './sample-hives.ts';
import type { SampleVersion } from './sample-version.ts';
import { librariesOf } from './windows-files.ts';

/**
 * The layer that a cumulative update puts on a base: new libraries and their components, the components that they
 * replace gone, deltas of the registry, and a new kernel for the utility VM.
 */
export function updateLayer(base: SampleVersion, update: SampleVersion): SampleEntry[] {
  const tree = createSampleTree(update.time);
  for (const [index, name] of librariesOf(update.family).entries()) {
    if (index % 6 !== 0) continue;
    addServicedFile(tree, update, `${name}.dll`);
    tree.whiteout(componentFolder(base, `${name}.dll`));
  }
  tree.whiteout(`${system32}/downlevel/api-ms-win-core-debug-l1-1-0.dll`);
  addText(
    tree,
    `Files/Windows/servicing/Packages/Package_for_RollupFix~${update.text}.mum`,
    `<assembly><assemblyIdentity version="${update.text}"/></assembly>\n`,
  );
  for (const [fileName, bytes] of deltaHives(update)) {
    tree.file(`Hives/${fileName}`, bytes, { security: 'system' });
  }
  for (const fileName of ['ntoskrnl.exe', 'ntdll.dll']) {
    tree.file(`UtilityVM/Files/Windows/System32/${fileName}`, binaryFile(update, fileName));
  }
  return tree.entries();
}
