import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { parseImageSource, splitLayer } from '../../../electron/cli/inspected/image-source.ts';
import { displayWidth } from '../../../electron/cli/text/width.ts';
import { runCommandLine } from '../../../electron/cli/run.ts';
import { createTerminal } from '../../../electron/cli/terminal.ts';
import type { ImageChain } from '../../../electron/cli/chain.ts';
import type { EntryDetail } from '../../../shared/ipc/image-views.ts';
import type {
  EnvironmentView,
  RegistryChangesPage,
  RegistryFoundPage,
} from '../../../shared/ipc/inspect-views.ts';
import type { FoundPage } from '../../../shared/ipc/layer-views.ts';
import { newWorkplace, type Finished, type Workplace } from './process.ts';

const base = 'layerwright.local/windows/nanoserver:ltsc2022';
const core = 'layerwright.local/windows/servercore:ltsc2022';
const dockerfile = `# escape=\`
FROM ${base}
ENV PATH="C:\\app;%PATH%"
COPY one/ C:\\app\\
COPY two/ C:\\app\\
`;

let place: Workplace;
beforeAll(async () => {
  place = await newWorkplace();
  await place.files({
    'shop/Dockerfile': dockerfile,
    'shop/one/shop.txt': 'x'.repeat(300_000),
    'shop/one/\u202etxt.red.txt': 'a name that would turn the line round',
    'shop/two/shop.txt': 'y'.repeat(200_000),
    'shop/two/shop.pdb': 'symbols',
  });
  await command(['samples']);
  const { code, err } = await command([
    'build',
    '-t',
    'acme/shop:1',
    '-o',
    'type=oci,dest=shop.tar',
    'shop',
  ]);
  if (code !== 0) throw new Error(err);
});
afterAll(async () => await place.remove());

/** The command line in this process: starting one for each command would take most of the time. */
async function command(args: readonly string[], at: Workplace = place): Promise<Finished> {
  let [out, err] = ['', ''];
  const outputs = [(text: string) => (out += text), (text: string) => (err += text)].map(write => ({
    write: (text: unknown) => write(String(text)) !== '',
    isTTY: false,
    columns: 80,
    rows: 24,
  }));
  const code = await runCommandLine({
    args: ['--store', at.storeDir, ...args],
    version: '0',
    terminal: createTerminal(outputs[0]!, outputs[1]!, {}),
    cwd: at.dir,
    environment: {},
    readInput: async () => '',
    signal: new AbortController().signal,
  });
  return { code, out, err };
}

async function run(...args: readonly string[]): Promise<string> {
  const { code, out, err } = await command(args);
  expect(err).toBe('');
  expect(code).toBe(0);
  return out;
}

async function json<T>(...args: readonly string[]): Promise<T> {
  return JSON.parse(await run(...args, '--json')) as T;
}

describe('layerwright inspect', () => {
  test('passes and fails by rules of the command line and of a file', async () => {
    await place.files({ 'ci.yml': 'rules:\n  highest-wasted-bytes: 1kB\n  highest-size: 1GB\n' });
    const passed = await command(['inspect', '--fail-on', 'size>1GB,layers>9', 'acme/shop:1']);
    expect(passed.code).toBe(0);
    expect(passed.out).toContain('PASS  size>1GB');
    const failed = await command(['inspect', '--rules', 'ci.yml', 'acme/shop:1']);
    expect(failed.code).toBe(1);
    expect(failed.out).toContain('FAIL  highest-wasted-bytes: 1kB  (300 kB)');
    const results = await command(['inspect', '--rules', 'ci.yml', '--json', 'acme/shop:1']);
    expect(JSON.parse(results.out)).toMatchObject({
      gate: [{ passed: false, actual: 300_000 }, { passed: true }],
    });
  });

  test('says where a rule makes no sense', async () => {
    await place.files({ 'bad.yml': 'rules:\n  highest-sighs: 1\n' });
    const { code, err } = await command(['inspect', '--rules', 'bad.yml', 'acme/shop:1']);
    expect(code).toBe(3);
    expect(err).toContain('bad.yml:2: "highest-sighs" is none of');
  });
});

test('layerwright files lists, filters and tells what a layer changed; names cannot steer a terminal', async () => {
  expect(await run('files', 'acme/shop:1', '*.pdb')).toBe('Files/app/shop.pdb\n');
  const changed = await run('files', '--layer', '2', '--changed', 'acme/shop:1');
  expect(changed.split('\n')).toContain('~ Files/app/shop.txt');
  expect(changed.split('\n')).toContain('+ Files/app/shop.pdb');
  const all = await run('files', '--long', 'acme/shop:1', '*red.txt');
  expect(all).toContain('red.txt');
  expect(all).not.toContain('\u202e');
  const [detail] = await json<readonly EntryDetail[]>('files', '--long', 'acme/shop:1', 'shop.pdb');
  expect(detail).toMatchObject({ row: { path: 'Files/app/shop.pdb', layerIndex: 2, size: 7 } });
});

test('layerwright why-file names the lines of the Dockerfile', async () => {
  const text = await run('why-file', 'acme/shop:1', 'c:\\APP\\shop.txt');
  expect(text).toContain('layer 1: added, 300 kB\n      Dockerfile:4  COPY one/ C:\\app\\');
  expect(text).toContain('layer 2: modified, 200 kB\n      Dockerfile:5  COPY two/ C:\\app\\');
  const { code, err } = await command(['why-file', 'acme/shop:1', 'C:\\no']);
  expect([code, err]).toEqual([1, expect.stringContaining('No layer of the image has C:\\no.')]);
  expect(err).toContain('advice: Search for its name');
});

test('layerwright diff compares layers and images', async () => {
  const text = await run('diff', 'acme/shop:1@1', 'acme/shop:1@2');
  expect(text).toContain('~ Files/app/shop.txt  (300 kB -> 200 kB)');
  expect(text).toContain('1 added, 1 modified, 0 deleted');
  const { code } = await command(['diff', '--exit-code', base, 'acme/shop:1']);
  expect(code).toBe(1);
  expect((await command(['diff', '--exit-code', base, 'acme/shop:1@0'])).code).toBe(0);
  const { err } = await command(['diff', base, 'acme/shop:1@9']);
  expect(err).toContain('error: acme/shop:1@9: there is no layer 9');
});

test('layerwright diff with a file compares its text', async () => {
  await place.files({
    'notes/Dockerfile': `FROM ${base}\nCOPY one.txt C:/notes.txt\nCOPY two.txt C:/notes.txt\n`,
    'notes/one.txt': 'first\r\nsecond\r\nthird\r\n',
    'notes/two.txt': 'first\r\n2nd\r\nthird\r\n',
  });
  expect((await command(['build', '-t', 'notes:1', 'notes'])).code).toBe(0);
  const text = await run('diff', 'notes:1@1', 'notes:1', 'C:\\NOTES.txt');
  expect(text.split('\n').slice(1)).toEqual(['  first', '- second', '+ 2nd', '  third', '']);
  const before = await run('diff', 'notes:1@0', 'notes:1', 'notes.txt');
  expect(before).toContain('(not there -> 19 B');
  const { code } = await command(['diff', '--exit-code', 'notes:1@1', 'notes:1', 'notes.txt']);
  expect(code).toBe(1);
  const missing = await command(['diff', 'notes:1@0', base, 'notes.txt']);
  expect([missing.code, missing.err]).toEqual([1, expect.stringContaining('notes.txt')]);
});

test('layerwright find searches all layers by name, size, time and content', async () => {
  const all = await json<FoundPage>('find', 'acme/shop:1', 'shop.*');
  expect(all.rows.map(({ path, layerIndex, state }) => [path, layerIndex, state])).toEqual([
    ['Files/app/shop.pdb', 2, 'shown'],
    ['Files/app/shop.txt', 1, 'hidden'],
    ['Files/app/shop.txt', 2, 'shown'],
  ]);
  const [, old] = all.rows;
  const same = await json<FoundPage>('find', 'acme/shop:1', '--hash', old?.contentHash ?? '');
  expect(same.rows).toEqual([old]);
  const large = await run('find', '--min-size', '250kB', '--text', 'app/', 'acme/shop:1');
  expect(large).toMatch(/1 +file +300 kB .* hidden +Files\/app\/shop\.txt\n1 found/);
  expect(await run('find', '--since', '2100-01-01', 'acme/shop:1')).toBe('0 found\n');
  const { code, err } = await command(['find', '--since', 'yesterday', 'acme/shop:1']);
  expect([code, err]).toEqual([2, expect.stringContaining('--since: it must be a date')]);
});

test('layerwright extract shows a text, and writes any file', async () => {
  expect(await run('extract', 'acme/shop:1', 'C:\\app\\SHOP.pdb')).toBe('symbols');
  const { err } = await command([
    'extract',
    '-o',
    'old.txt',
    '--layer',
    '1',
    'acme/shop:1',
    'app/shop.txt',
  ]);
  expect(err).toContain('wrote 300 kB to old.txt, sha256:');
  expect(await readFile(path.join(place.dir, 'old.txt'), 'utf8')).toBe('x'.repeat(300_000));
  const binary = await command(['extract', base, 'C:\\Windows\\System32\\kernel32.dll']);
  expect([binary.code, binary.err]).toEqual([2, expect.stringContaining('is no text')]);
  expect((await command(['extract', base, 'C:\\none'])).code).toBe(1);
});

test('layerwright reg shows keys and what a layer changed, registry with an image is the same', async () => {
  const key = ['HKLM\\SYSTEM\\CurrentControlSet\\Services\\RpcSs'] as const;
  expect(await run('reg', core, ...key)).toContain('Start  REG_DWORD  2 (0x2)');
  expect(await run('registry', core, ...key)).toBe(await run('reg', core, ...key));
  const changes = await json<RegistryChangesPage>('reg', '--layer', '1', core);
  expect(changes.rows.map(({ path }) => path)).toContain(
    'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion',
  );
  const { code, err } = await command(['reg', '--layer', '9', core]);
  expect([code, err]).toEqual([2, expect.stringContaining('layers 0 to 1')]);
  const missing = await command(['reg', core, 'HKLM\\NO']);
  expect([missing.code, missing.err]).toEqual([1, expect.stringContaining('no key HKLM\\NO.')]);
});

test('layerwright reg filters the changes of the topmost layer where none is named, and no key', async () => {
  const named = await run('reg', '--layer', '1', '--changes', '--search', 'UBR', core);
  expect(named).toContain('UBR = ');
  expect(await run('reg', '--changes', '--search', 'UBR', core)).toBe(named);
  const { code, err } = await command(['reg', '--group', 'services', core, 'HKLM\\SYSTEM']);
  expect([code, err]).toEqual([2, expect.stringContaining('--group: it is for all hives')]);
});

test('layerwright reg looks through all hives', async () => {
  const text = await run('reg', '--search', 'rpcss', core);
  expect(text).toContain('key   HKLM\\SYSTEM\\ControlSet001\\Services\\RpcSs  (layer 1)');
  const paths = await json<RegistryFoundPage>(
    'reg',
    '--glob',
    'hklm\\*\\RpcSs',
    '--in',
    'key',
    core,
  );
  expect(paths.rows.map(({ found }) => found)).toEqual(['key']);
  const written = await json<RegistryFoundPage>('reg', '--search', 'UBR', '--only-layer', core);
  expect(new Set(written.rows.map(({ layerIndex }) => layerIndex))).toEqual(new Set([1]));
  expect(await run('reg', '--search', 'e', '--limit', '2', core)).toContain(
    'the first 2 are shown',
  );
  const { code, err } = await command(['reg', '--search', 'a', '--glob', 'b', core]);
  expect([code, err]).toEqual([2, expect.stringContaining('--glob: it cannot go with --search')]);
});

test('layerwright tells where nothing is like a pattern, and no table without rows', async () => {
  expect((await command(['files', 'acme/shop:1', '*.nope'])).err).toContain(
    'nothing is like *.nope',
  );
  expect((await command(['images', 'nope*'])).err).toContain('no image of the store is like that');
  expect(await run('programs', 'acme/shop:1')).not.toContain('VERDICT');
  await place.files({
    'bare/Dockerfile': 'FROM scratch\nCOPY a.txt C:/a.txt\n',
    'bare/a.txt': 'no Windows',
  });
  const platform = 'windows(10.0.20348)/amd64';
  expect((await command(['build', '-t', 'bare:1', '--platform', platform, 'bare'])).code).toBe(0);
  expect(await run('waste', 'bare:1')).not.toContain('YOURS');
  expect(await run('reg', 'bare:1')).toBe('The image has no registry hives.\n');
});

test('layerwright tags takes a registry without a repository for what it is', async () => {
  const { code, err } = await command(['tags', '127.0.0.1:5000']);
  expect([code, err]).toEqual([2, expect.stringContaining('"layerwright catalog 127.0.0.1:5000"')]);
});

test('layerwright env explains a PATH that is not expanded, with the line of the Dockerfile', async () => {
  const view = await json<EnvironmentView>('env', 'acme/shop:1');
  expect(view.conflicts).toMatchObject([
    { kind: 'not-expanded', fix: 'ENV PATH="C:\\app;C:\\Windows\\system32;C:\\Windows"' },
  ]);
  const path = view.variables.find(({ name }) => name === 'PATH');
  expect(path?.sources).toMatchObject([{ kind: 'config', dockerfileLine: 2 }]);
  const text = await run('env', 'acme/shop:1');
  expect(text).toContain('config.Env (line 3: ENV PATH=C:\\app;%PATH%)');
  expect(text).toContain('    ENV PATH="C:\\app;C:\\Windows\\system32;C:\\Windows"');
});

test('layerwright waste and programs fit into a terminal, and are whole in a pipe', async () => {
  const waste = await inTerminal('waste', 'acme/shop:1');
  expect(waste).toContain('300 kB  Files/app/shop.txt (layer 1, done away with by layer 2)');
  const programs = await inTerminal('programs', 'acme/shop:1');
  const images = await inTerminal('images');
  expect(programs).toContain('0 programs and 0 libraries above the base');
  for (const line of [waste, programs, images].join('\n').split('\n')) {
    // Lines for the Dockerfile stay whole: they are to be copied.
    if (!/^ {2}[-+] /.test(line)) expect(displayWidth(line)).toBeLessThanOrEqual(80);
  }
  expect(images).toContain('…');
  expect(await run('images')).not.toContain('…');
});

/** What a command shows in a terminal of 80 columns. */
async function inTerminal(...args: readonly string[]): Promise<string> {
  const pty = 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))';
  const cli = path.resolve(import.meta.dirname, '../../../electron/cli.ts');
  const command = ['-c', pty, process.execPath, cli, ...args, '--store', place.storeDir];
  const { stdout } = await promisify(execFile)('python3', command, { cwd: place.dir });
  return stdout.replaceAll('\r\n', '\n');
}

describe('an image elsewhere', () => {
  test('in an archive is looked into without a trace in the store', async () => {
    const before = await run('images', '--json');
    const view = await json<EnvironmentView>('env', 'oci-archive:shop.tar');
    expect(view.conflicts).toHaveLength(1);
    expect(await run('files', './shop.tar', '*.pdb')).toBe('Files/app/shop.pdb\n');
    expect(await run('images', '--json')).toBe(before);
  });

  test('in a registry is fetched as far as it is needed', async () => {
    const server = place.start(['registry', '--port', '0']);
    try {
      let told = '';
      for (const stream of [server.stdout, server.stderr]) {
        stream?.setEncoding('utf8').on('data', (text: string) => (told += text));
      }
      while (!/localhost:\d+|127\.0\.0\.1:\d+/.test(told)) {
        await Promise.race([once(server.stdout!, 'data'), once(server.stderr!, 'data')]);
      }
      const address = /(?:localhost|127\.0\.0\.1):\d+/.exec(told)![0];
      const elsewhere = await newWorkplace();
      try {
        const reference = `docker://${address}/acme/shop:1`;
        const inspected = await command(['inspect', '--json', reference], elsewhere);
        expect(inspected.err).toBe('');
        const { links } = JSON.parse(inspected.out) as ImageChain;
        const digests = links.flatMap(({ layer }) => layer?.digest ?? []);
        /** How often each layer was asked for. */
        const fetched = () =>
          digests.map(
            digest => told.split(`GET`).filter(line => line.includes(`/blobs/${digest}`)).length,
          );
        expect(fetched()).toEqual([0, 0, 0]);
        const { out } = await command(['why-file', reference, 'Files/app/shop.pdb'], elsewhere);
        expect(out).toContain('layer 2: added');
        expect(fetched()).toEqual([1, 1, 1]);
        // The layers are known now; only the one with the hives is needed.
        expect((await command(['env', reference], elsewhere)).out).toContain('ENV PATH=');
        expect(fetched()).toEqual([2, 1, 1]);
        expect((await command(['images', '--json'], elsewhere)).out).toBe('[]\n');
      } finally {
        await elsewhere.remove();
      }
    } finally {
      server.kill('SIGINT');
      await once(server, 'exit');
    }
  });

  test.each([
    ['docker://r.example/a:1', { kind: 'registry', reference: 'r.example/a:1' }],
    ['oci-archive:/x/y.tar:name:1', { kind: 'file', path: '/x/y.tar', name: 'name:1' }],
    ['./y.tar', { kind: 'file', path: '/w/y.tar' }],
    ['acme/shop:1', { kind: 'store', reference: 'acme/shop:1' }],
  ])('%s names %j', async (text, source) => {
    expect(await parseImageSource(text, '/w')).toEqual(source);
  });

  test.each([
    ['a:1@2', { image: 'a:1', layer: 2 }],
    ['a@sha256:00', { image: 'a@sha256:00' }],
  ])('%s is %j', (text, expected) => {
    expect(splitLayer(text)).toEqual(expected);
  });
});
