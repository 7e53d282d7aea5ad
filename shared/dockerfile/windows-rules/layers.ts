import type { Instruction } from '../ast.ts';
import type { LintStage } from './lint-file.ts';
import { links } from './links.ts';
import type { WindowsRule } from './rule.ts';
import { dockerfile } from './walk.ts';

const core = 'FROM mcr.microsoft.com/windows/servercore:ltsc2022';
const deletes = /^(?:del|erase|rmdir|rd|remove-item|rm|ri)$/;
/** Windows' own limit is 127 layers, of which the base has some. */
const mostLayers = 100;

/** What makes images large and builds slow. */
export const layerRules: readonly WindowsRule[] = [
  {
    name: 'cleanup-in-later-step',
    severity: 'warning',
    what: 'Files are deleted in another step than the one that made them.',
    why: 'A layer never gets smaller: the files stay in the earlier layer, and a whiteout is added.',
    fix: 'Download, install and delete in one RUN step, or do it in a stage of its own.',
    link: links.optimize,
    bad: dockerfile(
      core,
      'RUN curl.exe -fSLo C:\\node.msi https://x.test/node.msi',
      'RUN del C:\\node.msi',
    ),
    good: dockerfile(
      core,
      'RUN curl.exe -fSLo C:\\node.msi https://x.test/node.msi && del C:\\node.msi',
    ),
    *check({ stages }) {
      for (const stage of stages) yield* laterCleanups(stage);
    },
  },
  {
    name: 'copy-before-restore',
    severity: 'info',
    what: 'Everything is copied before the packages are restored.',
    why: 'Any change of a source file makes the slow restore run again.',
    fix: 'COPY the project or lock file alone, restore, and then COPY the rest.',
    link: links.cache,
    bad: dockerfile(core, 'WORKDIR C:/src', 'COPY . .', 'RUN npm ci'),
    good: dockerfile(core, 'WORKDIR C:/src', 'COPY package*.json ./', 'RUN npm ci', 'COPY . .'),
    *check({ stages }) {
      for (const { steps } of stages) {
        let everything: Instruction | undefined;
        for (const { instruction, commands } of steps) {
          if (instruction.keyword === 'COPY' && !instruction.from && copiesAll(instruction))
            everything ??= instruction;
          const restores = commands.some(({ text }) =>
            /^(?:npm (?:ci|install)|yarn install|pnpm install|pip install -r|dotnet restore|nuget restore|mvn\s.*dependency|go mod download)\b/i.test(
              text,
            ),
          );
          if (instruction.keyword === 'RUN' && restores && everything)
            yield { range: everything.range };
          if (restores) break;
        }
      }
    },
  },
  {
    name: 'add-instead-of-copy',
    severity: 'info',
    what: 'ADD is used for a file of the context.',
    why: 'ADD unpacks archives and fetches URLs; whoever reads COPY knows that neither happens.',
    fix: 'Write COPY.',
    link: links.dockerfile,
    bad: dockerfile(core, 'ADD app.exe C:/app/'),
    good: dockerfile(core, 'COPY app.exe C:/app/'),
    *check({ stages }) {
      for (const { steps } of stages) {
        for (const { instruction } of steps) {
          if (
            instruction.keyword !== 'ADD' ||
            instruction.checksum ||
            instruction.unpack !== undefined
          )
            continue;
          const isPlain = instruction.sources.every(
            source =>
              source.kind === 'path' &&
              !/:\/\/|^git@|\.git(?:#|$)|\$|[*?]|\.(?:tar|tgz|txz|tbz2?|gz|xz|bz2|zst)(?:\.\w+)?$/i.test(
                source.path.text,
              ),
          );
          if (!isPlain) continue;
          const fix = {
            title: 'Write COPY',
            edits: [{ range: instruction.keywordRange, newText: 'COPY' }],
          };
          yield { range: instruction.keywordRange, fix };
        }
      }
    },
  },
  {
    name: 'zip-not-unpacked',
    severity: 'warning',
    what: 'ADD does not unpack .zip files.',
    why: 'Only tar archives are unpacked; the .zip lies in the image as it is.',
    fix: 'COPY it and unpack it with tar.exe -xf in the same stage, or use a .tar.gz.',
    link: links.dockerfile,
    bad: dockerfile(core, 'ADD site.zip C:/site/'),
    good: dockerfile(core, 'ADD site.tar.gz C:/site/'),
    *check({ stages }) {
      for (const { steps } of stages)
        for (const { instruction } of steps)
          if (instruction.keyword === 'ADD')
            for (const source of instruction.sources)
              if (
                source.kind === 'path' &&
                /\.(?:zip|7z|rar|msi|cab)$/i.test(source.path.text) &&
                !source.path.text.includes('://')
              )
                yield { range: source.path.range };
    },
  },
  {
    name: 'too-many-layers',
    severity: 'warning',
    what: `A stage makes more than ${mostLayers} layers.`,
    why: 'Windows mounts no more than 127 layers: the image is built and cannot be run.',
    fix: 'Join RUN and COPY steps, or COPY --from the result into a new stage.',
    link: links.optimize,
    bad: dockerfile(
      core,
      ...Array.from({ length: mostLayers + 1 }, (_, number) => `RUN echo ${number}`),
    ),
    good: dockerfile(core, 'RUN echo 1'),
    *check({ stages }) {
      for (const { steps, from } of stages) {
        const layers = steps.filter(({ instruction: { keyword } }) =>
          /^(?:RUN|COPY|ADD|WORKDIR)$/.test(keyword),
        );
        if (layers.length > mostLayers) yield { range: from.range };
      }
    },
  },
  {
    name: 'package-cache-left',
    severity: 'info',
    what: 'A package manager leaves its cache in the layer.',
    why: 'Downloads of NuGet, npm and pip stay in the user profile: hundreds of megabytes that nothing reads again.',
    fix: 'Use RUN --mount=type=cache for the cache folder, or clear the cache in the same step.',
    link: links.cache,
    bad: dockerfile(core, 'RUN pip install -r requirements.txt'),
    good: dockerfile(core, 'RUN pip install --no-cache-dir -r requirements.txt'),
    *check({ stages }) {
      const last = stages.at(-1);
      for (const { instruction, commands } of last?.steps ?? []) {
        if (instruction.keyword !== 'RUN' || instruction.mounts.length > 0) continue;
        const clears = /--no-cache-dir|cache (?:clean|purge)|locals all|--clear/i.test(
          instruction.text,
        );
        const found = commands.find(({ text }) =>
          /^(?:pip3? install|npm (?:ci|install)|dotnet restore|nuget restore)\b/i.test(text),
        );
        if (found && !clears) yield { range: found.range };
      }
    },
  },
];

function copiesAll(instruction: Instruction): boolean {
  return (
    instruction.keyword === 'COPY' &&
    instruction.sources.some(
      source => source.kind === 'path' && /^\.[\\/]?$/.test(source.path.text),
    )
  );
}

/** Deletions of a path that only an earlier step of the stage has made. */
function* laterCleanups({ steps }: LintStage) {
  const made = new Map<string, number>();
  for (const [number, { instruction, commands }] of steps.entries()) {
    for (const path of madeBy(instruction)) made.set(path, number);
    if (instruction.keyword !== 'RUN') continue;
    for (const command of commands) {
      const paths = command.text.match(absolutePath)?.map(normal) ?? [];
      if (!deletes.test(command.name))
        for (const path of paths) if (!made.has(path)) made.set(path, number);
      if (!deletes.test(command.name)) continue;
      const earlier = paths.find(path => (made.get(path) ?? number) < number);
      if (earlier !== undefined) yield { range: command.range };
    }
  }
}

const absolutePath = /[a-z]:[\\/][^\s"',;|&]+/gi;

function normal(path: string): string {
  return path.toLowerCase().replaceAll('\\', '/').replace(/\/+$/, '');
}

/** Where COPY and ADD put single files. */
function madeBy(instruction: Instruction): string[] {
  if (instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD') return [];
  const to = instruction.destination.text;
  if (!/[\\/]$/.test(to)) return [normal(to)];
  return instruction.sources.flatMap(source =>
    source.kind === 'path' ? [normal(to + (source.path.text.split(/[\\/]/).at(-1) ?? ''))] : [],
  );
}
