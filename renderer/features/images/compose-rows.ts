import type { ImageSummary } from '../../../shared/ipc/image-views.ts';

/** What stands in the way of making one index of these images; nothing where they fit together. */
export function composeProblems(images: readonly ImageSummary[]): readonly string[] {
  const problems: string[] = [];
  const taken = new Map<string, string>();
  for (const { architecture, os, osVersion, reference } of images) {
    if (os !== 'windows') problems.push(`${reference} is an image for ${os}, not for Windows.`);
    if (osVersion === undefined) {
      problems.push(`${reference} does not say its os.version, so no host could choose it.`);
      continue;
    }
    const platform = `${osVersion} ${architecture}`;
    const other = taken.get(platform);
    if (other === undefined) taken.set(platform, reference);
    else {
      problems.push(
        `${reference} and ${other} are both for Windows ${osVersion} on ${architecture}; hosts could not tell them apart.`,
      );
    }
  }
  return problems;
}
