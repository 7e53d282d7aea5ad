import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { readCapabilities } from '../../../../../electron/engine/hcs/capabilities/capabilities.ts';
import type { BasicInfo, WindowsHost } from '../../../../../electron/engine/hcs/host.ts';
import { createWindowsHost } from '../../../../../electron/engine/hcs/windows-host.ts';
import { openLibraries } from '../../../../../electron/engine/win32/libraries.ts';
import { AppError } from '../../../../../shared/failure.ts';
import type { Doubles } from '../../../../support/doubles.ts';

const hives = ['DEFAULT', 'SAM', 'SECURITY', 'SOFTWARE', 'SYSTEM'];
const times: BasicInfo = {
  attributes: 0x26,
  creationTime: 130_000_000_000_000_000n,
  lastAccessTime: 130_000_000_000_000_010n,
  lastWriteTime: 130_000_000_000_000_020n,
  changeTime: 130_000_000_000_000_030n,
};

/** A stream as BackupWrite takes it: WIN32_STREAM_ID, its name, its data. */
export function stream(kind: number, data: string | Uint8Array, name = ''): Buffer {
  const header = Buffer.alloc(20);
  const body = Buffer.from(data);
  const nameBytes = Buffer.from(name, 'utf16le');
  header.writeUInt32LE(kind, 0);
  header.writeBigUInt64LE(BigInt(body.length), 8);
  header.writeUInt32LE(nameBytes.length, 16);
  return Buffer.concat([header, nameBytes, body]);
}

interface Place {
  readonly doubles: Doubles;
  readonly host: WindowsHost;
  readonly dir: string;
  readonly note: (line: string) => void;
}

/**
 * Everything that the bindings call, once as it should be and once as it should not: what came of it, and the log of the
 * doubles. The same lines on Linux and in Windows' Node under Wine.
 */
export async function contract(doubles: Doubles, dir: string): Promise<string[]> {
  const lines: string[] = [];
  doubles.root(dir);
  const host = createWindowsHost({ libraries: doubles.libraries });
  const place: Place = { doubles, host, dir, note: line => lines.push(line) };
  await privileges(place);
  await files(place);
  await layersAndContainers(place);
  await capabilities(place);
  await misuse(place);
  place.note(JSON.stringify(doubles.counters()));
  return [...lines, ...doubles.calls()];
}

async function outcome({ note }: Place, title: string, work: () => unknown): Promise<void> {
  try {
    await work();
    note(`${title}: done`);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { failure } = error;
    const status = failure.code === 'windows-api' ? failure.status.toString(16) : '';
    note(`${title}: ${failure.code} ${status}`);
  }
}

async function privileges(place: Place): Promise<void> {
  place.doubles.elevated(false);
  await outcome(place, 'privileges without elevation', () => place.host.enablePrivileges());
  place.doubles.elevated(true);
  await outcome(place, 'privileges', () => place.host.enablePrivileges());
}

/** What `layerwright doctor` finds on the host that the doubles stand for. */
async function capabilities({ doubles, dir, note }: Place): Promise<void> {
  const version = { major: 10, minor: 0, build: 26_100 };
  const { checks } = await readCapabilities({
    host: { kind: 'windows', version, edition: 'server', architecture: 'amd64' },
    storeDir: dir,
    libraries: doubles.libraries,
  });
  for (const { check, state } of checks) note(`${check}: ${state}`);
}

async function files({ host, dir, note }: Place): Promise<void> {
  const file = path.join(dir, 'file');
  const handle = await host.files.create(file, 'file');
  await handle.setBasicInfo(times);
  const bytes = Buffer.concat([
    stream(3, 'a descriptor'),
    stream(1, 'contents \u{1F600}'),
    stream(4, 'more', ':extra:$DATA'),
  ]);
  // Headers, names and data may be cut anywhere.
  for (let at = 0; at < bytes.length; at += 7) await handle.write(bytes.subarray(at, at + 7));
  await handle.close();
  await host.files.hardLink(path.join(dir, 'link'), file);
  for (const withSecurity of [true, false]) {
    const chunks: Buffer[] = [];
    for await (const chunk of host.files.read(path.join(dir, 'link'), withSecurity)) {
      chunks.push(Buffer.from(chunk));
    }
    note(Buffer.concat(chunks).toString('hex'));
  }
  const info = await host.files.basicInfo(file);
  note(Object.values(info).join(' '));
  await host.files.remove(file);
  await host.files.remove(file);
  await host.files.remove(path.join(dir, 'link'));
  note((await readdir(dir)).join(' '));
}

async function makeBase({ host }: Place, baseDir: string): Promise<void> {
  await mkdir(baseDir);
  let folder = baseDir;
  for (const name of ['Files', 'Windows', 'System32', 'config']) {
    folder = path.join(folder, name);
    await (await host.files.create(folder, 'directory')).close();
  }
  for (const hive of hives) {
    const file = await host.files.create(path.join(folder, hive), 'file');
    await file.write(stream(1, `regf${hive}`));
    await file.close();
  }
  await host.layers.processBaseLayer(baseDir);
}

async function tree(dir: string): Promise<string> {
  const names = await readdir(dir, { recursive: true });
  return names
    .map(name => name.replaceAll('\\', '/'))
    .sort()
    .join('\n');
}

async function layersAndContainers(place: Place): Promise<void> {
  const { host, dir, note } = place;
  const base = path.join(dir, 'base');
  await makeBase(place, base);
  const scratch = await host.scratches.open(path.join(dir, 'scratch'), [base], {
    activate: true,
    sizeBytes: 30 * 2 ** 30,
  });
  await runContainer(place, base, scratch);
  const staged = path.join(dir, 'staged');
  await mkdir(staged);
  await outcome(place, 'export while prepared', async () => {
    await host.layers.exportLayer(scratch.dir, staged, [base]);
  });
  await scratch.unprepare();
  await host.layers.exportLayer(scratch.dir, staged, [base]);
  note(await tree(staged));
  note(await readFile(path.join(staged, 'tombstones.txt'), 'utf8'));
  await host.files.remove(path.join(staged, 'tombstones.txt'));
  const layer = path.join(dir, 'layer');
  await mkdir(layer);
  await host.layers.importLayer(layer, staged, [base]);
  note(await tree(path.join(layer, 'Files')));
  await scratch.release();
  await host.layers.destroyLayer(layer);
}

async function runContainer(
  { host, doubles, note }: Place,
  base: string,
  scratch: Awaited<ReturnType<WindowsHost['scratches']['open']>>,
): Promise<void> {
  const owner = 'layerwright-contract';
  const network = await host.networks.attach(owner, undefined);
  note(`${network.ipAddress} ${network.gateway} ${network.dnsServers.join()}`);
  doubles.script('C:\\setup.exe *', [
    { stdout: 'out \u{1F600}\n' },
    { stderr: 'err\n' },
    { write: 'C:\\new\\file.txt', text: 'new' },
    { delete: 'C:\\Windows\\System32\\config\\SAM' },
    { variable: 'NAME' },
    { exit: 3010 },
  ]);
  const container = await host.systems.start({
    id: owner,
    hostName: 'contract',
    isolation: 'process',
    scratch,
    parentsNearestFirst: [base],
    networkNamespace: network.namespace,
    memoryBytes: 2 ** 30,
    cpus: 2,
    mounts: [],
  });
  for (const commandLine of ['C:\\setup.exe /quiet', 'cmd /S /C "echo hi> x.txt & type X.TXT"']) {
    const process = await container.exec({
      commandLine,
      workingDir: 'C:\\Windows',
      env: { NAME: 'välue' },
      user: 'ContainerUser',
    });
    const output = await Promise.all([text(process.stdout), text(process.stderr)]);
    note(JSON.stringify([...output, await process.exit]));
  }
  await container.terminate();
  await network.release();
}

/** Calls that Windows refuses, past the verbs that would not make them. */
async function misuse(place: Place): Promise<void> {
  const { doubles, dir } = place;
  const { computestorage, computecore, kernel32, vmcompute } = openLibraries(doubles.libraries);
  const base = path.join(dir, 'base');
  const data = (layers: unknown) =>
    JSON.stringify({ SchemaVersion: { Major: 2, Minor: 1 }, Layers: layers });
  const wrongId = [{ Id: '00000000-0000-0000-0000-000000000000', Path: base }];
  const refused: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['relative path', async () => await computestorage.destroyLayer('layer')],
    ['no path', async () => await computestorage.destroyLayer('')],
    ['null', async () => await computestorage.importLayer(dir, dir, 'null')],
    ['empty list', async () => await computestorage.importLayer(dir, dir, data([]))],
    ['id of another', async () => await computestorage.importLayer(dir, dir, data(wrongId))],
    ['not JSON', async () => await computestorage.importLayer(dir, dir, '{"a":1,}')],
    ['unknown field', async () => await computestorage.importLayer(dir, dir, '{"Extra":1}')],
    ['activate a base', async () => await vmcompute.activateLayer(base)],
    ['prepare nothing', async () => await vmcompute.prepareLayer(base, [], 0)],
    ['process twice', async () => await vmcompute.processBaseImage(base)],
    ['unknown handle', async () => await computecore.cancelOperation(4n)],
    ['no system', async () => await computecore.openComputeSystem('none', 0x1000_0000)],
    ['close twice', async () => kernel32.closeHandle(0x7000n)],
  ];
  for (const [title, call] of refused) await outcome(place, title, call);
  await computecore.closeOperation(4n);
}
