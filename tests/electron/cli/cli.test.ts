import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openState } from '../../../electron/engine/state/state.ts';
import { newWorkplace, type Workplace } from './process.ts';

const base = 'layerwright.local/windows/nanoserver:ltsc2022';
const dockerfile = `# escape=\`
FROM ${base} AS tools
COPY tool.txt C:\\tools\\
FROM ${base}
WORKDIR C:\\app
COPY --from=tools C:\\tools\\tool.txt .
LABEL made=here
ENTRYPOINT ["C:\\\\app\\\\tool.txt"]
`;

let place: Workplace;
beforeAll(async () => {
  place = await newWorkplace();
  await place.files({ 'shop/Dockerfile': dockerfile, 'shop/tool.txt': 'a tool' });
  await place.run(['samples']);
});
afterAll(async () => await place.remove());

const skopeo = async (...args: readonly string[]) =>
  (await promisify(execFile)('skopeo', args)).stdout;

describe('layerwright build', () => {
  test('makes the sample base, builds in plain lines, names, exports, and writes what was built', async () => {
    const { code, out, err } = await place.run([
      'build',
      '-t',
      'acme/shop:1',
      '-o',
      'type=oci,dest=shop.tar',
      '--iidfile',
      'iid',
      '--metadata-file',
      'metadata.json',
      '--store',
      'fresh',
      'shop',
    ]);
    expect({ code, out }).toEqual({ code: 0, out: '' });
    const lines = err.split('\n');
    expect(lines[0]).toBe('note: made the sample base images in the store');
    expect(lines).toContain(
      '#1 [tools 1/2] FROM layerwright.local/windows/nanoserver:ltsc2022 AS tools',
    );
    expect(err).toMatch(/^#\d \[stage-1 3\/5\] COPY --from=tools C:\\tools\\tool\.txt \.$/m);
    expect(err).toMatch(/^#\d DONE \d+\.\ds$/m);
    expect(lines).toContain('named acme/shop:1');
    expect(lines).toContain('wrote shop.tar');

    const digest = /^built (sha256:[0-9a-f]{64}) with 3 layers/m.exec(err)?.[1];
    expect(readFileSync(path.join(place.dir, 'iid'), 'utf8')).toBe(digest);
    const metadata: unknown = JSON.parse(
      readFileSync(path.join(place.dir, 'metadata.json'), 'utf8'),
    );
    expect(metadata).toMatchObject({
      'containerimage.digest': digest,
      'image.name': 'docker.io/acme/shop:1',
    });
    const inspected: unknown = JSON.parse(
      await skopeo('inspect', '--override-os', 'windows', `oci-archive:${place.dir}/shop.tar`),
    );
    expect(inspected).toMatchObject({ Digest: digest, Os: 'windows', Labels: { made: 'here' } });
  });

  test('writes one event a line with --progress json, numbered without a gap, and nothing else', async () => {
    const { code, out } = await place.run(['build', '--progress', 'json', 'shop']);
    const events = out
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as { seq: number; kind: string });
    expect(code).toBe(0);
    expect(events.map(event => event.seq)).toEqual(events.map((_, position) => position));
    expect(events[0]?.kind).toBe('build-started');
    expect(events.at(-1)?.kind).toBe('build-finished');
  });

  test('says only the digest with -q, the same each time', async () => {
    const first = await place.run(['build', '-q', 'shop']);
    const again = await place.run(['build', '-q', '--no-cache', 'shop']);
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toMatch(/^sha256:[0-9a-f]{64}\n$/);
    expect(again.out).toBe(first.out);
  });

  test('reads the Dockerfile from standard input, and shows where it is wrong', async () => {
    const good = await place.run(['build', '-q', '-f', '-', 'shop'], {
      input: `FROM ${base}\nCOPY tool.txt .\n`,
    });
    expect(good).toMatchObject({ code: 0, err: '' });
    const bad = await place.run(['build', '-f', '-', 'shop'], {
      input: `FROM ${base}\nCOPPY tool.txt .\n`,
    });
    expect(bad.code).toBe(3);
    expect(bad.err.split('\n')).toEqual([
      'error: -:2:1: Unknown instruction: COPPY. Did you mean COPY?',
      `  1 | FROM ${base}`,
      '  2 | COPPY tool.txt .',
      '    | ^^^^^',
      '',
    ]);
  });

  test('a failing step ends with its line, an excerpt, advice and exit code 1', async () => {
    await place.files({ 'shop/missing.Dockerfile': `FROM ${base}\nCOPY nothing.txt .\n` });
    const { code, err } = await place.run(['build', '-f', 'shop/missing.Dockerfile', 'shop']);
    expect(code).toBe(1);
    expect(err).toContain(`missing.Dockerfile:2:1: "nothing.txt" is not in the build context.`);
    expect(err).toContain('  2 | COPY nothing.txt .\n    | ^^^^^^^^^^^^^^^^^^');
    expect(err).toMatch(/^advice: /m);
  });

  test('neutralises a hostile Dockerfile', async () => {
    const { err } = await place.run(['build', '-f', '-', 'shop'], {
      input: `FROM ${base}\nLABEL a="\u001b]0;owned\u0007\u202e"\nCOPY no\u001b[2Jthing .\n`,
    });
    expect(err).toContain('thing');
    expect(err.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
  });

  test('redraws in place in a terminal, and not with NO_COLOR', async () => {
    const pty = 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))';
    const cli = path.resolve(import.meta.dirname, '../../../electron/cli.ts');
    const inTerminal = async (environment: Record<string, string>) => {
      const { CI: _ci, NO_COLOR: _noColor, ...inherited } = process.env;
      const args = ['-c', pty, process.execPath, cli, 'build', '--store', place.storeDir, 'shop'];
      const env = { ...inherited, TERM: 'xterm', ...environment };
      return (await promisify(execFile)('python3', args, { cwd: place.dir, env })).stdout;
    };
    const live = await inTerminal({});
    expect(live).toContain('\u001b[0J');
    expect(live).toContain('✔ [tools 2/2]');
    const plain = await inTerminal({ NO_COLOR: '1' });
    expect(plain).not.toContain('\u001b');
    expect(plain).toContain('#1 [tools 1/2]');
  });

  test('Ctrl+C cancels with 130, leaves nothing half-made, and is on record', async () => {
    await place.files({ 'large/Dockerfile': `FROM ${base}\nCOPY large.bin .\n` });
    const large = await open(path.join(place.dir, 'large/large.bin'), 'w');
    await large.truncate(600 * 1024 ** 2);
    await large.close();
    const blobs = () => readdirSync(path.join(place.storeDir, 'blobs/sha256')).toSorted();
    const before = blobs();

    const child = place.start(['build', '--progress', 'json', '-t', 'acme/large', 'large']);
    let out = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      if (out.includes('"step-progress"')) child.kill('SIGINT');
    });
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(130);
    const last = JSON.parse(out.trimEnd().split('\n').at(-1) ?? '') as unknown;
    expect(last).toMatchObject({ kind: 'build-failed', failure: { code: 'cancelled' } });

    expect(blobs()).toEqual(before);
    expect(readdirSync(path.join(place.storeDir, 'ingest'))).toEqual([]);
    expect(readdirSync(path.join(place.storeDir, 'state/claims'))).toEqual([]);
    const state = openState(place.storeDir);
    const [newest] = state.history.list({ offset: 0, limit: 1 }).builds;
    await state.close();
    expect(newest).toMatchObject({ status: 'cancelled', tags: ['acme/large'] });
  });
});

describe('the commands for images', () => {
  beforeAll(async () => {
    await place.run(['build', '-q', '-t', 'acme/shop:1', 'shop']);
  });

  test('images lists, filters and writes JSON', async () => {
    const table = await place.run(['images', 'acme/*']);
    expect(table.out.split('\n')).toEqual([
      expect.stringMatching(/^REFERENCE +OS VERSION +ARCH +DIGEST +LAYERS +SIZE +UNIQUE +CREATED$/),
      expect.stringMatching(
        /^acme\/shop:1 +10\.0\.20348\.\d+ +amd64 +sha256:[0-9a-f]{12} +3 +4\d\d kB +\S+ k?B /,
      ),
      '',
    ]);
    const { out } = await place.run(['images', '--json', '--os-version', '10.0.26100']);
    const rows = JSON.parse(out) as { reference: string; osVersion: string }[];
    expect(rows.length).toBeGreaterThan(2);
    expect(rows.every(row => row.osVersion.startsWith('10.0.26100.'))).toBe(true);
  });

  test('inspect tells the chain base first, with the Dockerfile line of each layer of ours', async () => {
    const { out } = await place.run(['inspect', '--json', 'acme/shop:1']);
    const chain = JSON.parse(out) as {
      links: { createdBy: string; source?: { line: number }; layer?: { layerIndex: number } }[];
    };
    const layers = chain.links.filter(link => link.layer !== undefined);
    expect(layers.map(link => link.layer?.layerIndex)).toEqual([0, 1, 2]);
    expect(layers.map(link => link.source?.line)).toEqual([undefined, 5, 6]);
    const { out: shown } = await place.run(['inspect', 'acme/shop:1']);
    expect(shown).toMatch(/^ {3}2 +\d+ k?B {2}Dockerfile:6 {2}COPY /m);
    expect(shown).toMatch(/^ +diff ID sha256:[0-9a-f]{64}$/m);
  });

  test('tag, save, rm and load carry an image through an archive that skopeo reads', async () => {
    expect((await place.run(['tag', 'acme/shop:1', 'acme/other:2'])).code).toBe(0);
    for (const format of ['oci-archive', 'docker-archive', 'oci-layout']) {
      const dest = `saved-${format}`;
      const saved = await place.run(['save', '--format', format, '-o', dest, 'acme/other:2']);
      expect(saved).toMatchObject({ code: 0, err: `saved acme/other:2 to ${dest}\n` });
      const transport = format === 'oci-layout' ? 'oci' : format;
      const raw = await skopeo(
        'inspect',
        '--config',
        '--override-os',
        'windows',
        `${transport}:${place.dir}/${dest}`,
      );
      expect(JSON.parse(raw)).toMatchObject({
        os: 'windows',
        config: { Labels: { made: 'here' } },
      });
    }
    const preview = await place.run(['rm', '--dry-run', 'acme/other:2']);
    expect(preview).toMatchObject({ code: 0, out: 'would remove acme/other:2\n' });
    const removed = await place.run(['rm', 'acme/other:2']);
    expect(removed).toMatchObject({ code: 0, out: 'removed acme/other:2\n' });
    expect((await place.run(['inspect', 'acme/other:2'])).code).toBe(1);
    const loaded = await place.run(['load', '-i', 'saved-oci-archive']);
    expect(loaded).toMatchObject({ code: 0, out: 'loaded acme/other:2\n' });
    expect((await place.run(['inspect', 'acme/other:2'])).code).toBe(0);
  });

  test('samples makes nothing twice', async () => {
    expect(await place.run(['samples'])).toEqual({
      code: 0,
      out: '',
      err: 'all sample images are there already\n',
    });
  });
});

describe('the command line', () => {
  test.each([
    [[], 2, /Usage: layerwright/],
    [['imagse'], 2, /unknown command 'imagse'\n\(Did you mean images\?\)/],
    [['images', '--jsno'], 2, /unknown option '--jsno'\n\(Did you mean --json\?\)/],
    [['build', '--progress', 'fancy'], 2, /Allowed choices are auto, plain, json/],
    [['build', '-o', 'type=tar', 'shop'], 2, /^error: --output: type must be one of/],
    [['build', '-t', 'Not Valid', 'shop'], 3, /^error: "Not Valid" is not an image reference/],
    [['inspect', 'acme/nothing'], 1, /^error: There is no image acme\/nothing/],
    [['load', '-i', 'shop/tool.txt'], 3, /is not an image archive/],
    [['serve', '--port', 'x'], 2, /^error: --port: "x" is not a port/],
  ])('%j ends with %i and says why', async (args, code, message) => {
    const result = await place.run(args);
    expect(result.code).toBe(code);
    expect(result.err).toMatch(message);
    expect(result.out).toBe('');
  });

  test('a store that is damaged is named, and nothing is changed', async () => {
    const other = await newWorkplace();
    await other.files({
      'store/state/history.db': 'x'.repeat(5000),
      'shop/Dockerfile': 'FROM scratch',
    });
    const { code, err } = await other.run(['build', 'shop']);
    expect(code).toBe(1);
    expect(err).toContain(`${path.join(other.storeDir, 'state/history.db')}: it is not a database`);
    expect(readFileSync(path.join(other.storeDir, 'state/history.db'), 'utf8')).toBe(
      'x'.repeat(5000),
    );
    await other.remove();
  });

  test('--help has examples', async () => {
    const { code, out } = await place.run(['build', '--help']);
    expect(code).toBe(0);
    expect(out).toContain('Examples:\n  layerwright build -t acme/shop:1 .');
  });
});
