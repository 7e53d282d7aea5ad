import { windowsReleases } from '../../windows/builds.ts';
import { nameOf, osPartOf, tagOf } from './base-kind.ts';
import type { LintFile, LintStage } from './lint-file.ts';
import { links } from './links.ts';
import type { WindowsRule } from './rule.ts';
import { dockerfile } from './walk.ts';

const core = 'FROM mcr.microsoft.com/windows/servercore:ltsc2022';
const microsoftRegistry = 'mcr.microsoft.com/';

/** FROM: which Windows, and for how long. */
export const baseRules: readonly WindowsRule[] = [
  {
    name: 'floating-tag-without-os',
    severity: 'warning',
    what: 'The tag does not say which Windows it is for.',
    why: 'The registry chooses by the machine that builds: another build host gives another os.version, which may not start elsewhere.',
    fix: 'Take a tag with the Windows part, such as 8.0-nanoserver-ltsc2022.',
    link: links.versions,
    bad: dockerfile('FROM mcr.microsoft.com/dotnet/aspnet:8.0'),
    good: dockerfile('FROM mcr.microsoft.com/dotnet/aspnet:8.0-nanoserver-ltsc2022'),
    *check(file) {
      for (const { from, base } of basesOf(file)) {
        if (!base.startsWith(microsoftRegistry) || base.includes('@')) continue;
        if (osPartOf(base) === undefined && tagOf(base) !== '' && tagOf(base) !== 'latest')
          yield { range: from.image.range };
      }
    },
  },
  {
    name: 'no-tag',
    severity: 'warning',
    what: 'FROM names no tag, or latest.',
    why: "Microsoft's Windows images have no latest, and elsewhere it changes from one day to the next.",
    fix: 'Name a tag, such as ltsc2022, or a digest.',
    link: links.baseImages,
    bad: dockerfile('FROM mcr.microsoft.com/windows/servercore'),
    good: dockerfile(core),
    *check(file) {
      for (const { from, base, kind } of basesOf(file))
        if (
          kind !== 'scratch' &&
          !base.includes('@') &&
          !base.includes('$') &&
          /^(?:|latest)$/.test(tagOf(base))
        )
          yield { range: from.image.range };
    },
  },
  {
    name: 'mixed-os-versions',
    severity: 'warning',
    what: 'The stages are based on different versions of Windows.',
    why: "With process isolation only those of the host's build run, so one of the stages cannot be built there.",
    fix: 'Use the same Windows part in the tags of all stages; an ARG keeps them together.',
    link: links.versions,
    bad: dockerfile(
      'FROM mcr.microsoft.com/windows/servercore:ltsc2019 AS build',
      'FROM mcr.microsoft.com/windows/nanoserver:ltsc2022',
    ),
    good: dockerfile(
      'FROM mcr.microsoft.com/windows/servercore:ltsc2022 AS build',
      'FROM mcr.microsoft.com/windows/nanoserver:ltsc2022',
    ),
    *check(file) {
      const last = file.stages.findLast(({ base }) => osBuildOf(base) !== undefined);
      const wanted = last && osBuildOf(last.base);
      for (const { from, base } of basesOf(file)) {
        const build = osBuildOf(base);
        if (build === undefined || build === wanted) continue;
        const message = `This stage is based on ${osPartOf(base) ?? build}, the last one on ${osPartOf(last?.base ?? '') ?? wanted ?? ''}.`;
        yield { range: from.image.range, message };
      }
    },
  },
  {
    name: 'base-out-of-support',
    severity: 'warning',
    what: 'The base image is of a Windows that is out of support.',
    why: 'It gets no security updates any more, and Microsoft publishes no new tags of it.',
    fix: 'Move to ltsc2022 or ltsc2025.',
    link: links.lifecycle,
    bad: dockerfile('FROM mcr.microsoft.com/windows/servercore:1909'),
    good: dockerfile(core),
    *check(file) {
      for (const { from, base } of basesOf(file)) {
        const build = osBuildOf(base);
        const release = windowsReleases.find(
          one => one.edition === 'server' && one.build === build,
        );
        if (release === undefined || release.supportEnds >= file.today) continue;
        const message = `${release.name} is out of support since ${release.supportEnds}.`;
        yield { range: from.image.range, message };
      }
    },
  },
  {
    name: 'old-hub-repository',
    severity: 'warning',
    what: "Microsoft's images left Docker Hub.",
    why: 'The repositories microsoft/... there are gone or years old.',
    fix: 'Use mcr.microsoft.com, for example mcr.microsoft.com/windows/servercore:ltsc2022.',
    link: links.baseImages,
    bad: dockerfile('FROM microsoft/windowsservercore:1803'),
    good: dockerfile(core),
    *check(file) {
      for (const { from, base } of basesOf(file))
        if (/^(?:docker\.io\/|index\.docker\.io\/)?microsoft\//i.test(base))
          yield { range: from.image.range };
    },
  },
  {
    name: 'linux-base',
    severity: 'warning',
    what: 'The base image exists for Linux only.',
    why: 'This build makes Windows images; nothing of a Linux image runs in them.',
    fix: 'Use a Windows base such as mcr.microsoft.com/windows/nanoserver:ltsc2022.',
    link: links.baseImages,
    bad: dockerfile('FROM debian:12'),
    good: dockerfile('FROM mcr.microsoft.com/windows/nanoserver:ltsc2022'),
    *check(file) {
      for (const { from, kind } of basesOf(file))
        if (kind === 'linux') yield { range: from.image.range };
    },
  },
  {
    name: 'full-windows-base',
    severity: 'info',
    what: 'The base is the whole of Windows, more than 10 GB unpacked.',
    why: 'Pulling and unpacking take long, and few programs need more than servercore.',
    fix: 'Try mcr.microsoft.com/windows/servercore first; it is less than half as large.',
    link: links.baseImages,
    bad: dockerfile('FROM mcr.microsoft.com/windows/server:ltsc2022'),
    good: dockerfile(core),
    *check(file) {
      for (const { from, kind } of basesOf(file))
        if (kind === 'server') yield { range: from.image.range };
    },
  },
  {
    name: 'unpinned-microsoft-arg',
    severity: 'info',
    what: 'The version in FROM is an ARG without a default.',
    why: 'Without --build-arg the name is incomplete, and the file cannot be built as it is.',
    fix: 'Give the ARG a default.',
    link: links.dockerfile,
    bad: dockerfile('ARG VERSION', 'FROM mcr.microsoft.com/windows/servercore:${VERSION}'),
    good: dockerfile(
      'ARG VERSION=ltsc2022',
      'FROM mcr.microsoft.com/windows/servercore:${VERSION}',
    ),
    *check({ dockerfile: { instructions }, stages }) {
      const empty = instructions
        .slice(
          0,
          instructions.findIndex(({ keyword }) => keyword === 'FROM'),
        )
        .flatMap(one => (one.keyword === 'ARG' ? one.arguments : []))
        .filter(({ value }) => value === undefined)
        .map(({ name }) => name.text);
      for (const { from } of stages) {
        const { text, range } = from.image;
        if (
          empty.some(name => text.includes(`\${${name}}`) || new RegExp(`\\$${name}\\b`).test(text))
        )
          yield { range };
      }
    },
  },
];

/** Stages that begin with an image, not with another stage. */
function basesOf({ stages }: LintFile): LintStage[] {
  return stages.filter(({ continues }) => !continues);
}

/** The build number that the tag of a base stands for. */
function osBuildOf(base: string): number | undefined {
  if (nameOf(base) === '') return undefined;
  const part = osPartOf(base);
  if (part === undefined) return undefined;
  const [, build] = /^10\.0\.(\d{5})/.exec(part) ?? [];
  if (build !== undefined) return Number(build);
  const named = windowsReleases.find(
    ({ edition, imageTag, name }) =>
      edition === 'server' &&
      (imageTag?.toLowerCase() === part || name.toLowerCase().endsWith(`version ${part}`)),
  );
  // Windows Server 2016 and 2019 also go by their version.
  return named?.build ?? { '1607': 14_393, '1809': 17_763 }[part];
}
