import { pathKey, resolveContainerPath } from '../../../shared/windows/windows-path.ts';

/** The folders of a layer that are roots of a volume (hcsshim ociwclayer). */
const volumeRoots = ['UtilityVM/Files', 'Files'];

/**
 * Where a symlink or junction at `linkPath` leads, as a path of the layer, or undefined if it leaves the
 * volume. Windows resolves a relative target from the link's own directory.
 */
export function linkTargetPath(linkPath: string, target: string): string | undefined {
  const root = volumeRoots.find(candidate =>
    pathKey(linkPath).startsWith(`${pathKey(candidate)}/`),
  );
  if (root === undefined) return undefined;
  const within = linkPath.slice(root.length + 1);
  const folder = `C:\\${within.split('/').slice(0, -1).join('\\')}`;
  const resolved = resolveContainerPath(folder, withoutNtPrefix(target));
  return resolved.kind === 'inside' ? [root, ...resolved.parts].join('/') : undefined;
}

// Reparse points hold NT paths: \??\C:\folder (MS-FSCC 2.1.2.5).
function withoutNtPrefix(target: string): string {
  return target.replace(/^\\(?:\?\?|\\\?)\\(?=[A-Za-z]:)/, '');
}
