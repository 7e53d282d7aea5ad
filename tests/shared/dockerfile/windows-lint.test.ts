import { describe, expect, it } from 'vitest';
import { parseDockerfile } from '../../../shared/dockerfile/parse.ts';
import { basesIn, planEveryStage } from '../../../shared/dockerfile/plan-every-stage.ts';
import { windowsFindings, windowsRules } from '../../../shared/dockerfile/windows-lint.ts';

function findingsIn(text: string) {
  const dockerfile = parseDockerfile(text);
  const bases = basesIn(planEveryStage(dockerfile));
  return windowsFindings({ text, dockerfile, bases, today: '2026-11-24' });
}
const rulesIn = (text: string) => findingsIn(text).map(({ rule }) => rule);
const core = 'FROM mcr.microsoft.com/windows/servercore:ltsc2022\n';

describe('the rules about Windows', () => {
  it('are at least forty, and each has a name of its own', () => {
    const names = windowsRules.map(({ name }) => name);
    expect(names.length).toBeGreaterThanOrEqual(40);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, link, why, fix } of windowsRules) {
      expect(name).toMatch(/^[a-z]+(?:-[a-z]+)+$/);
      expect(link).toMatch(/^https:\/\//);
      expect(why).toMatch(/\.$/);
      expect(fix).toMatch(/^[A-Z].*[.\]]$/s);
    }
  });

  describe.each(windowsRules)('$name', ({ name, bad, good, severity }) => {
    it('finds its bad example, at a place in the text', () => {
      const found = findingsIn(bad).filter(({ rule }) => rule === name);
      expect(found.length).toBeGreaterThan(0);
      const lines = bad.split('\n');
      for (const finding of found) {
        expect(finding.severity).toBe(severity);
        expect(finding.range.start.line).toBeLessThan(lines.length);
        expect(finding.range.start.character).toBeLessThanOrEqual(
          lines[finding.range.start.line]?.length ?? 0,
        );
      }
    });

    it('has nothing against its good example', () => {
      expect(rulesIn(good)).not.toContain(name);
    });
  });

  it('mark the command that is meant, on continued lines and in here-documents', () => {
    const text = `# escape=\`\n${core}RUN echo a && \`\n    winget install x\nRUN <<EOF\necho b\nwinget install y\nEOF\n`;
    const starts = findingsIn(text)
      .filter(({ rule }) => rule === 'winget-in-container')
      .map(({ range }) => range.start);
    expect(starts).toEqual([
      { line: 3, character: 4 },
      { line: 6, character: 0 },
    ]);
  });

  it('look into powershell -Command and cmd /c', () => {
    expect(
      rulesIn(`${core}RUN powershell -NoProfile -Command "Start-BitsTransfer a b"\n`),
    ).toContain('bits-in-container');
    expect(rulesIn(`${core}SHELL ["powershell"]\nRUN cmd /c "rm C:/x"\n`)).toContain(
      'linux-command',
    );
  });

  it('know the shell, user and base of a stage that goes on from another', () => {
    const text =
      'FROM mcr.microsoft.com/windows/nanoserver:ltsc2022 AS a\nUSER ContainerUser\nFROM a\nRUN powershell dir\nRUN mkdir C:\\x\n';
    expect(rulesIn(text)).toContain('nanoserver-no-powershell');
    expect(rulesIn(text)).toContain('container-user-writes');
  });

  it('follow ARG in FROM', () => {
    expect(rulesIn('ARG TAG=1909\nFROM mcr.microsoft.com/windows/servercore:${TAG}\n')).toContain(
      'base-out-of-support',
    );
  });

  it('are taken back by a comment above the instruction, for that instruction only', () => {
    const text = `${core}# the base is pinned elsewhere\n# layerwright ignore=winget-in-container\nRUN winget install x\nRUN winget install y\n`;
    const lines = findingsIn(text)
      .filter(({ rule }) => rule === 'winget-in-container')
      .map(({ range }) => range.start.line);
    expect(lines).toEqual([4]);
  });

  it('are taken back for the whole file by ignore-file, all of them by "all"', () => {
    const body = `${core}RUN winget install x && choco install y\n`;
    expect(rulesIn(`# layerwright ignore-file=winget-in-container\n${body}`)).not.toContain(
      'winget-in-container',
    );
    expect(rulesIn(`# layerwright ignore-file=winget-in-container\n${body}`)).toContain(
      'choco-needs-yes',
    );
    expect(rulesIn(`# layerwright ignore-file=all\n${body}`)).toEqual([]);
  });

  it('have nothing against a careful Dockerfile', () => {
    const text = [
      '# escape=`',
      'FROM mcr.microsoft.com/dotnet/sdk:8.0-windowsservercore-ltsc2022 AS build',
      'WORKDIR C:/src',
      'COPY *.csproj ./',
      'RUN dotnet restore',
      'COPY . .',
      'RUN dotnet publish -c Release -o C:/out',
      'FROM mcr.microsoft.com/dotnet/aspnet:8.0-nanoserver-ltsc2022',
      'WORKDIR C:/app',
      'COPY --from=build C:/out ./',
      'USER ContainerUser',
      'ENTRYPOINT ["dotnet", "app.dll"]',
      '',
    ].join('\n');
    expect(findingsIn(text)).toEqual([]);
  });

  it('survive whatever a Dockerfile holds', () => {
    const hostile = [
      `${core}RUN ${'"'.repeat(5000)}\n`,
      `${core}RUN ${'powershell -Command "'.repeat(500)}\n`,
      `${core}RUN ${'a&&'.repeat(50_000)}\n`,
      `${core}RUN ${' -x'.repeat(50_000)}\n`,
      `${core}RUN powershell ${'-NoProfile '.repeat(20_000)}\n`,
      `${core}RUN ${'C:\\a\\'.repeat(20_000)}\n`,
      `${core}RUN <<EOF\n${'echo a && echo b\n'.repeat(11_000)}EOF\n`,
      `FROM ${':'.repeat(1000)}\nRUN [\n`,
      'RUN before FROM\n',
      '',
    ];
    for (const text of hostile) expect(Array.isArray(findingsIn(text))).toBe(true);
  }, 30_000);
});
