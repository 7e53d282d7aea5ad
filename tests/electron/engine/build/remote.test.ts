import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { checkOut, parseGitUrl } from '../../../../electron/engine/build/remote/git.ts';
import { bench, entriesOf, builtImage, nanoserver, topLayer } from './build.ts';
import { tempDir, writeFiles } from './folder.ts';

async function serve(
  listener: RequestListener,
): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const content = 'downloaded';
const sha256 = createHash('sha256').update(content).digest('hex');

describe('ADD of a URL', () => {
  test('puts the file where it belongs, checks it, and asks again only where it must', async () => {
    let requests = 0;
    await using server = await serve((request, response) => {
      requests++;
      if (request.url === '/moved')
        response.writeHead(302, { location: '/dir/file%20one.txt?x=y' }).end();
      else
        response.writeHead(200, { 'last-modified': 'Fri, 02 Jan 2015 03:04:05 GMT' }).end(content);
    });
    await using at = await bench({
      Dockerfile: `FROM ${nanoserver}\nADD ${server.url}/dir/file%20one.txt?a=b C:/d/\n`,
    });
    const result = await at.build();
    expect((await topLayer(at.store, result)).slice(2)).toEqual([
      'Files/d/',
      `Files/d/file one.txt=${content}`,
    ]);
    expect(at.events).toContainEqual(
      expect.objectContaining({ kind: 'step-progress', phase: 'pull' }),
    );
    await at.build();
    expect(requests).toBe(2);

    await writeFile(
      path.join(at.contextDir, 'Dockerfile'),
      `FROM ${nanoserver}\nADD --checksum=sha256:${sha256} ${server.url}/moved C:/d\n`,
    );
    expect((await topLayer(at.store, await at.build())).slice(2)).toEqual([`Files/d=${content}`]);
    expect(requests).toBe(4);
    await at.build();
    expect(requests).toBe(4);
    const kept = await builtImage(at.store, await at.build({ timestamps: 'preserve' }));
    const entries = await entriesOf(at.store, kept.layersBaseFirst.at(-1)!);
    expect(entries.at(-1)?.modified).toBe(BigInt(Date.UTC(2015, 0, 2, 3, 4, 5)) * 1_000_000n);
  });

  test('unpacks with --unpack', async () => {
    await using at = await bench({ 'in/a': '1' });
    const tar = execFileSync('tar', ['cz', '-C', path.join(at.contextDir, 'in'), 'a']);
    await using server = await serve((_, response) => void response.end(tar));
    await writeFile(
      path.join(at.contextDir, 'Dockerfile'),
      `FROM ${nanoserver}\nADD --unpack=true ${server.url}/x C:/d/\n`,
    );
    expect((await topLayer(at.store, await at.build())).slice(2)).toEqual([
      'Files/d/',
      'Files/d/a=1',
    ]);
  });

  test.each<[string, RequestListener, string, RegExp]>([
    [
      'a wrong checksum',
      (_, response) => void response.end('other'),
      '--checksum=sha256:' + sha256,
      /--checksum says/,
    ],
    [
      'a status other than 200',
      (_, response) => void response.writeHead(404).end(),
      '',
      /status 404/,
    ],
    [
      'redirects without end',
      (_, response) => void response.writeHead(302, { location: '/again' }).end(),
      '',
      /redirected more than 10 times/,
    ],
    [
      'a redirect to a file',
      (_, response) => void response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
      '',
      /not followed/,
    ],
    [
      'a body that breaks off',
      (_, response) =>
        void response
          .writeHead(200, { 'content-length': '100' })
          .end('x', () => response.destroy()),
      '',
      /Cannot download/,
    ],
  ])('%s: refused, with the URL and the line', async (_, listener, flags, message) => {
    await using server = await serve(listener);
    await using at = await bench({
      Dockerfile: `FROM ${nanoserver}\nADD ${flags} ${server.url}/f C:/d/\n`,
    });
    await expect(at.build()).rejects.toMatchObject({
      failure: {
        code: 'step-failed',
        message: expect.stringContaining(server.url),
        range: { start: { line: 1 } },
      },
    });
    await expect(at.build()).rejects.toThrow(message);
  });

  test('a server that says nothing does not hold up a cancel', async () => {
    await using server = await serve(() => undefined);
    await using at = await bench({ Dockerfile: `FROM ${nanoserver}\nADD ${server.url}/f C:/d/\n` });
    const start = performance.now();
    await expect(at.build({}, {}, AbortSignal.timeout(300))).rejects.toMatchObject({
      failure: { code: 'cancelled' },
    });
    expect(performance.now() - start).toBeLessThan(1300);
  });
});

async function repository(dir: string): Promise<string> {
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', dir, '-c', 'user.name=n', '-c', 'user.email=e@x', ...args], {
      encoding: 'utf8',
    }).trim();
  await mkdir(dir, { recursive: true });
  git('init', '-q', '-b', 'main');
  await writeFiles(dir, { 'a.txt': 'one', 'sub/b.txt': 'b', 'sub/out': { link: '../..' } });
  git('add', '.');
  git('commit', '-q', '-m', 'first');
  git('tag', 'v1');
  await writeFiles(dir, { 'a.txt': 'two' });
  git('commit', '-q', '-a', '-m', 'second');
  return git('rev-parse', 'HEAD');
}

describe('ADD of a Git repository', () => {
  test('takes a branch, tag or commit, and a folder of it', async () => {
    await using temp = await tempDir();
    const repo = path.join(temp.dir, 'repo.git');
    const head = await repository(repo);
    await using at = await bench({});
    await using daemon = await gitDaemon(temp.dir);
    const built = async (line: string) => {
      await writeFile(path.join(at.contextDir, 'Dockerfile'), `FROM ${nanoserver}\n${line}\n`);
      return (await topLayer(at.store, await at.build())).slice(2);
    };
    expect(await built(`ADD --exclude=sub ${daemon.url}/repo.git#v1 C:/d/`)).toEqual([
      'Files/d/',
      'Files/d/a.txt=one',
    ]);
    expect(await built(`ADD --exclude=sub ${daemon.url}/repo.git C:/d/`)).toEqual([
      'Files/d/',
      'Files/d/a.txt=two',
    ]);
    expect(await built(`ADD --exclude=out ${daemon.url}/repo.git#main:sub C:/d/`)).toEqual([
      'Files/d/',
      'Files/d/b.txt=b',
    ]);
    expect(
      await built(`ADD --checksum=${head} --exclude=sub ${daemon.url}/repo.git C:/d/`),
    ).toEqual(['Files/d/', 'Files/d/a.txt=two']);
    expect(
      await built(`ADD --keep-git-dir=true --exclude=sub ${daemon.url}/repo.git C:/d/`),
    ).toContain(`Files/d/.git/HEAD=${head}\n`);
    await expect(
      built(`ADD --checksum=${'0'.repeat(40)} ${daemon.url}/repo.git C:/d/`),
    ).rejects.toThrow(/--checksum says/);
    await expect(built(`ADD ${daemon.url}/repo.git#nope C:/d/`)).rejects.toThrow(
      /Cannot get git:.*nope/s,
    );
  });

  test('works with file URLs and commits, and a folder must stay inside', async () => {
    await using temp = await tempDir();
    await repository(path.join(temp.dir, 'r'));
    const url = `file://${path.join(temp.dir, 'r')}`;
    const first = execFileSync('git', ['-C', path.join(temp.dir, 'r'), 'rev-parse', 'v1'], {
      encoding: 'utf8',
    }).trim();
    expect(await checkOut({ url, ref: first.slice(0, 10) }, path.join(temp.dir, 'c1'))).toContain(
      'c1',
    );
    for (const subdir of ['../..', 'sub/out', 'a.txt', 'nope']) {
      await expect(
        checkOut({ url, subdir }, path.join(temp.dir, subdir.replaceAll(/\W/gu, '_'))),
      ).rejects.toMatchObject({ failure: { code: 'git-failed' } });
    }
  });

  test('says so where git is missing', async () => {
    await using temp = await tempDir();
    const before = process.env['PATH'];
    process.env['PATH'] = temp.dir;
    try {
      await expect(checkOut({ url: 'file:///x' }, path.join(temp.dir, 'c'))).rejects.toThrow(
        /git is not installed/,
      );
    } finally {
      process.env['PATH'] = before;
    }
  });

  test.each([
    ['https://h/x.git', { url: 'https://h/x.git' }],
    ['https://h/x.git#main:sub/dir', { url: 'https://h/x.git', ref: 'main', subdir: 'sub/dir' }],
    ['git@h:x.git#:sub', { url: 'git@h:x.git', subdir: 'sub' }],
  ])('%s is read', (text, source) => expect(parseGitUrl(text)).toEqual(source));
});

async function gitDaemon(baseDir: string): Promise<AsyncDisposable & { readonly url: string }> {
  const port = await freePort();
  const args = [
    'daemon',
    '--reuseaddr',
    '--listen=127.0.0.1',
    `--port=${port}`,
    '--export-all',
    `--base-path=${baseDir}`,
    baseDir,
  ];
  const daemon = spawn('git', args, { stdio: 'ignore', detached: true });
  const url = `git://127.0.0.1:${port}`;
  for (let tries = 0; tries < 100; tries++) {
    try {
      execFileSync('git', ['ls-remote', `${url}/repo.git`], { stdio: 'ignore' });
      break;
    } catch {
      await delay(50);
    }
  }
  return {
    url,
    async [Symbol.asyncDispose]() {
      if (daemon.pid !== undefined) process.kill(-daemon.pid);
      await once(daemon, 'exit');
    },
  };
}

async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
