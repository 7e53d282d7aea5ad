import type { HostCheck } from '../../../../shared/ipc/host-views.ts';
import { describeBuild } from '../../../../shared/windows/builds.ts';
import type { Host } from '../../../../shared/windows/host-compatibility.ts';
import type { StoreFacts, WindowsFacts } from './facts.ts';
import { unknownCheck } from './unknown-check.ts';

/** 1809: the first with the functions of computecore.dll that we call, and with process isolation on clients. */
const oldestBuild = 17_763;

export function checkWindows(
  host: Extract<Host, { kind: 'windows' }>,
  { editionId, revision }: WindowsFacts,
): HostCheck {
  const { build } = host.version;
  const update = revision === undefined ? '' : `.${revision}`;
  const edition = editionId === undefined ? '' : `, ${editionId}`;
  const name = describeBuild(build, host.edition).replace(
    `build ${build}`,
    `build ${build}${update}`,
  );
  const common = { check: 'windows', title: 'Windows', found: `${name}${edition}` } as const;
  if (build < oldestBuild) {
    return {
      ...common,
      state: 'problem',
      meaning: `Containers are run from build ${oldestBuild} (version 1809) on.`,
      remedy: { text: 'Update Windows.' },
    };
  }
  // Core, CoreN, CoreSingleLanguage, CoreCountrySpecific: the Home editions.
  if (editionId !== undefined && /^Core/i.test(editionId)) {
    return {
      ...common,
      state: 'problem',
      meaning: 'Home editions of Windows have neither the Containers feature nor Hyper-V.',
      remedy: { text: 'Use Windows Pro, Enterprise or Server, or build without RUN.' },
    };
  }
  return { ...common, state: 'ok', meaning: 'New enough for containers.' };
}

export function checkFileSystem({ dir, fileSystem }: StoreFacts): HostCheck {
  const common = { check: 'file-system', title: 'File system' } as const;
  if (fileSystem === undefined) {
    return unknownCheck(common, 'The volume does not tell.');
  }
  if (fileSystem.toUpperCase() === 'NTFS') {
    return { ...common, state: 'ok', found: 'NTFS', meaning: 'Layers of Windows need NTFS.' };
  }
  return {
    ...common,
    state: 'problem',
    found: fileSystem,
    meaning: `Layers of Windows need NTFS; ${dir} is on ${fileSystem}.`,
    remedy: {
      text: 'Use a store on an NTFS volume.',
      command: String.raw`layerwright --store C:\layerwright doctor`,
    },
  };
}
