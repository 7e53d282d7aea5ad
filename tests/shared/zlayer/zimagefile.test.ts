import { array, assert, constantFrom, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDockerfile } from '../../../shared/dockerfile/parse.ts';
import { parseZImagefile } from '../../../shared/zlayer/parse-zimagefile.ts';
import { isZImagefile, readBuildFile } from '../../../shared/zlayer/read-build-file.ts';
import { toDockerfile } from '../../../shared/zlayer/to-dockerfile.ts';

function dockerfileOf(text: string, vars: Readonly<Record<string, string>> = {}): string {
  const { image, findings } = parseZImagefile(text, vars);
  if (image === undefined) throw new Error(JSON.stringify(findings));
  return toDockerfile(image).text;
}

function problems(text: string) {
  return parseZImagefile(text).findings.map(
    ({ range, message }) => `${range.start.line + 1}:${range.start.character + 1} ${message}`,
  );
}

const base = 'base: mcr.microsoft.com/windows/nanoserver:ltsc2022\n';

describe('a ZImagefile becomes a Dockerfile', () => {
  test('with one stage, in the order that ZLayer has', () => {
    const text = `version: "1"
base: mcr.microsoft.com/windows/servercore:\${LTSC}
os: windows
cmd: ["app.exe", "--port", "8080"]
entrypoint: start.cmd
stopsignal: SIGTERM
healthcheck: { cmd: app.exe health, interval: 1m 30s, retries: 3 }
volumes: ['C:\\data']
user: ContainerUser
expose: [8080, "53/udp"]
labels: { org.example.title: A "good" one }
steps:
  - copy: [a.txt, b.txt]
    to: C:\\app\\
    owner: ContainerUser
  - add: https://example.com/x.zip
    to: C:/x.zip
  - run: dir C:\\
    cache: [{ target: 'C:\\cache', id: c1, sharing: locked, readonly: true }]
  - run: [cmd, /c, "echo hi"]
  - run: echo %MODE%
    env: { MODE: fast }
  - env: { A: "1", B: two words }
  - workdir: C:\\app
  - user: ContainerAdministrator
workdir: C:\\
env: { PRICE: "5\`" }
`;
    expect(dockerfileOf(text, { LTSC: 'ltsc2025' })).toBe(`# escape=\`

FROM mcr.microsoft.com/windows/servercore:ltsc2025
ENV PRICE="5\`\`"
WORKDIR C:\\
COPY --chown=ContainerUser ["a.txt", "b.txt", "C:\\\\app\\\\"]
ADD ["https://example.com/x.zip", "C:/x.zip"]
RUN --mount=type=cache,target=C:\\cache,id=c1,sharing=locked,readonly dir C:\\
RUN ["cmd", "/c", "echo hi"]
RUN set "MODE=fast" && echo %MODE%
ENV A="1"
ENV B="two words"
WORKDIR C:\\app
USER ContainerAdministrator
LABEL "org.example.title"="A \`"good\`" one"
EXPOSE 8080/tcp
EXPOSE 53/udp
USER ContainerUser
VOLUME ["C:\\\\data"]
HEALTHCHECK --interval=1m30s --retries=3 CMD app.exe health
STOPSIGNAL SIGTERM
ENTRYPOINT start.cmd
CMD ["app.exe", "--port", "8080"]
`);
  });

  test('with stages, whose last one gets what the file says for all', () => {
    const text = `args: { VERSION: "1.2", UNUSED: x }
stages:
  build:
    base: mcr.microsoft.com/windows/servercore:ltsc2022
    args: { LOCAL: "" }
    steps:
      - run: |
          echo one
          echo %VERSION%
  final:
    base: mcr.microsoft.com/windows/nanoserver:ltsc2022
    steps:
      - copy: C:/out
        from: build
        to: C:/app
cmd: app.exe
`;
    expect(dockerfileOf(text)).toBe(`# escape=\`
ARG VERSION="1.2"
ARG UNUSED="x"

FROM mcr.microsoft.com/windows/servercore:ltsc2022 AS build
ARG VERSION
ARG LOCAL
RUN <<'EOF'
echo one
echo %VERSION%
EOF

FROM mcr.microsoft.com/windows/nanoserver:ltsc2022 AS final
COPY --from=build ["C:/out", "C:/app"]
CMD app.exe
`);
  });

  test('with a Windows runtime, the program that ZLayer puts there', () => {
    const text = dockerfileOf('runtime: windows-nanoserver\nexpose: 80\n');
    expect(text).toContain('FROM mcr.microsoft.com/windows/nanoserver:ltsc2022');
    expect(text).toContain(String.raw`CMD ["C:\\app\\app.exe"]`);
    expect(text).toContain('EXPOSE 80/tcp');
  });

  test('a here-document ends with a word that the script does not have', () => {
    const text = dockerfileOf(`${base}steps:\n  - run: "a\\nEOF\\nb"\n`);
    expect(text).toContain("<<'EOF_'\na\nEOF\nb\nEOF_");
  });

  test('and never with more or other instructions than it says', () => {
    const nasty = string({
      unit: constantFrom(...Array.from('a "\'\\`\n${}#[<-:%,')),
      minLength: 1,
      maxLength: 12,
    });
    assert(
      property(nasty, nasty, nasty, (value, line, source) => {
        const { image } = parseZImagefile(
          JSON.stringify({
            base: 'mcr.microsoft.com/windows/nanoserver:ltsc2022',
            env: { NAME: value },
            labels: { [`l${value}`]: value },
            steps: [
              { run: `x${line}` },
              { run: line },
              { copy: [source], to: 'C:/a' },
              { workdir: `C:/${value}` },
            ],
            healthcheck: { cmd: line },
            entrypoint: value,
            cmd: line,
          }),
        );
        if (image === undefined) return;
        const { instructions } = parseDockerfile(toDockerfile(image).text);
        // What the parser refuses is marked as such; nothing may be new.
        const order = 'FROM ENV RUN RUN COPY WORKDIR LABEL HEALTHCHECK ENTRYPOINT CMD';
        const wanted = order.split(' ');
        expect(instructions.length).toBeLessThanOrEqual(wanted.length);
        for (const { keyword } of instructions.filter(one => one.keyword !== 'INVALID')) {
          expect(wanted).toContain(keyword);
          wanted.splice(0, wanted.indexOf(keyword) + 1);
        }
        const copy = instructions.find(({ keyword }) => keyword === 'COPY');
        if (copy?.keyword !== 'COPY' || source.includes('<<')) return;
        expect(copy.sources.map(one => one.kind === 'path' && one.path.text)).toEqual([source]);
      }),
      { numRuns: 500 },
    );
  });
});

describe('what is wrong is told with line and column', () => {
  test.each([
    ['a field that is not known', `${base}bse: x\n`, '2:1 A ZImagefile has no field "bse"'],
    ['two modes', `${base}runtime: node22\n`, 'A ZImagefile has exactly one of'],
    ['no mode', 'cmd: x\n', '1:1 A ZImagefile has exactly one of'],
    ['another version', `version: "2"\n${base}`, '1:10 The version is "2"'],
    ['Linux', `${base}os: linux\n`, '2:5 "linux" is not Windows'],
    ['a Linux platform', `${base}platform: linux/amd64\n`, '2:11 "linux/amd64" is not Windows'],
    ['WebAssembly', 'wasm: { target: preview2 }\n', '1:1 wasm makes a WebAssembly module'],
    ['a Linux runtime', 'runtime: node22\n', '1:10 The runtime "node22" stands for a Linux image'],
    ['a nested build', 'build: .\n', '1:1 build makes the base from another file'],
    [
      'a step of two actions',
      `${base}steps:\n  - run: a\n    workdir: b\n`,
      '3:5 A step has exactly',
    ],
    ['a step of none', `${base}steps:\n  - to: b\n`, '3:5 A step has exactly one of'],
    ['copy without to', `${base}steps:\n  - copy: b\n`, '3:5 copy needs a source and a place'],
    ['from at run', `${base}steps:\n  - run: b\n    from: x\n`, '4:5 from belongs to copy and add'],
    [
      'cache at copy',
      `${base}steps:\n  - copy: b\n    to: c\n    cache: []\n`,
      '5:5 cache belongs',
    ],
    ['a base of two words', 'base: a AS b\n', '1:7 base must be one word'],
    [
      'a from of two words',
      `${base}steps:\n  - { copy: b, to: c, from: "x y" }\n`,
      'from must be one word',
    ],
    ['a name of a variable', `${base}env: { "A B": c }\n`, '2:8 "A B" is no name of a variable'],
    ['an empty command', `${base}cmd: ' '\n`, '2:6 cmd is empty'],
    ['a port', `${base}expose: 70000\n`, '2:9 "70000" is no port'],
    [
      'a duration',
      `${base}healthcheck: { cmd: x, interval: soon }\n`,
      '2:34 "soon" is no duration',
    ],
    ['a list for a text', `${base}user: [a]\n`, '2:7 user must be a text'],
    ['a key twice', `${base}user: a\nuser: b\n`, '3:1 The key "user" stands here a second time'],
    ['YAML that is none', 'base: "x\n', 'Missing closing "quote'],
    ['two documents', `${base}---\n${base}`, 'multiple documents'],
    ['a stage without base', 'stages:\n  a: {}\n', '2:3 A stage needs base'],
    ['a name of a stage', `stages:\n  "a b": { base: x }\n`, '2:3 "a b" is no name of a stage'],
  ])('%s', (_, text, problem) => {
    expect(problems(text).join('\n')).toContain(problem);
  });
});

describe('hostile YAML', () => {
  const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]']
    .concat(
      Array.from(
        'bcdefghi',
        (name, at) => `${name}: &${name} [${`*${'abcdefgh'[at] ?? ''}, `.repeat(9)}]`,
      ),
    )
    .join('\n');
  test.each([
    ['a bomb of aliases', `${bomb}\nbase: x\n`],
    ['brackets without end', `base: ${'['.repeat(200_000)}`],
    ['mappings without end', `base: ${'{a: '.repeat(50_000)}`],
    [
      'blocks without end',
      Array.from({ length: 600 }, (_, at) => `${' '.repeat(at)}a:`).join('\n'),
    ],
    ['lists without end', `base:\n${' '.repeat(2)}${'- '.repeat(100_000)}`],
    ['keys without end', Array.from({ length: 20_000 }, (_, at) => `k${at}: v`).join('\n')],
    ['a megabyte and more', `base: x\n# ${'x'.repeat(2_000_000)}`],
    ['a NUL', 'base: x\0'],
    ['a mapping that holds itself', 'base: &a { x: *a }\n'],
    ['a key that is a mapping', '? {a: b}\n: c\n'],
    ['a merge', '<<: {base: x}\n'],
    ['prototype names', '__proto__: x\nconstructor: y\n'],
  ])('%s is refused, fast', (_, text) => {
    const before = process.cpuUsage();
    const { findings, image } = parseZImagefile(text);
    // Of the processor, not of the wall: other tests run beside this one.
    const { system, user } = process.cpuUsage(before);
    expect(image).toBeUndefined();
    expect(findings.length).toBeGreaterThan(0);
    expect((user + system) / 1000).toBeLessThan(5000);
  });

  test('whatever a file is made of, it is read or refused', () => {
    const piece = constantFrom(
      'base: x\n',
      'steps:\n',
      '  - run: y\n',
      '- ',
      '&a ',
      '*a ',
      '{',
      '}',
      '[',
      ']',
      ': ',
      '"',
      "'",
      '|\n',
      '# ',
      '\t',
      '\n',
      'stages:\n',
      '? ',
      '!!map ',
      '%YAML 1.2\n',
      '---\n',
    );
    assert(
      property(array(piece, { maxLength: 30 }), pieces => {
        const { findings, image } = parseZImagefile(pieces.join(''));
        expect(image !== undefined || findings.length > 0).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

test('a value that a variable brings stays a value', () => {
  const vars = { BASE: 'a', WHO: '[x]\nENTRYPOINT evil' };
  const { image } = parseZImagefile('base: "${BASE}"\nuser: ${WHO}\n', vars);
  expect(image?.stages[0]?.base.value).toBe('a');
  expect(toDockerfile(image ?? { args: [], stages: [] }).text).toContain(
    'USER [x] ENTRYPOINT evil\n',
  );
});

test('places of the Dockerfile are places in the ZImagefile', async () => {
  const text = `${base}steps:\n  - copy: a\n    to: C:/a\n  - run: |\n      echo 1\n      echo 2\n`;
  const { instructions } = await readBuildFile('dir/ZImagefile.web', text);
  expect(instructions.map(({ keyword, range }) => [keyword, range.start.line])).toEqual([
    ['FROM', 0],
    ['COPY', 2],
    ['RUN', 4],
  ]);
  const copy = instructions[1];
  expect(copy?.keyword === 'COPY' && copy.destination).toMatchObject({
    text: 'C:/a',
    range: { start: { line: 2 } },
  });
});

test.each([
  ['ZImagefile', true],
  ['a/zimagefile.web', true],
  [String.raw`C:\x\web.ZImagefile`, true],
  ['ZImagefile.', false],
  ['ZImagefiles', false],
  ['Dockerfile', false],
])('%s is told by its name', (file, isOne) => {
  expect(isZImagefile(file)).toBe(isOne);
});
