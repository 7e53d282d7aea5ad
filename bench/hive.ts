/**
 * Compares reading a whole registry hive with hivexml, which reads the same keys and values, in the same run.
 * Usage: node bench/hive.ts [mebibytes=60]
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { once } from 'node:events';
import { join } from 'node:path';
import { openHiveFile } from '../electron/engine/hive/hive-bytes.ts';
import { openHive, type HiveKey } from '../electron/engine/hive/hive-reader.ts';
import {
  binaryValue,
  dwordValue,
  textValue,
  valueContent,
} from '../electron/engine/hive/hive-value.ts';
import { encodeHive, type NewKey } from '../electron/engine/hive/hive-writer.ts';
import { sddlToBinary } from '../shared/windows/security-descriptor.ts';

const [first = '60', path = ''] = process.argv.slice(2);
if (path !== '') await readOne(path, first);
else await compare();

async function compare(): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'layerwright-hive-'));
  try {
    const path = join(dir, 'HIVE');
    await writeFile(path, hive(Number(first)));
    const { size } = await stat(path);
    const script = import.meta.filename;
    const rounds = { peer: [] as number[], memory: [] as number[], file: [] as number[] };
    // In turns, so that all meet the machine in the same state; the best of each counts.
    for (let round = 0; round < 3; round++) {
      rounds.peer.push(await timed('sh', ['-c', 'hivexml "$0" | cat > /dev/null', path]));
      rounds.memory.push(await timed(process.execPath, [script, 'memory', path]));
      rounds.file.push(await timed(process.execPath, [script, 'file', path]));
    }
    const [peer, memory, file] = [rounds.peer, rounds.memory, rounds.file].map(times =>
      Math.min(...times),
    );
    console.log(
      JSON.stringify({
        mebibytes: Math.round(size / 2 ** 20),
        hivexmlSeconds: rounded(peer),
        oursSeconds: rounded(memory),
        oursFromFileSeconds: rounded(file),
        ratio: rounded((memory ?? 0) / (peer ?? 1)),
      }),
    );
  } finally {
    await rm(dir, { recursive: true });
  }
}

function rounded(value = 0): number {
  return Math.round(value * 100) / 100;
}

async function timed(command: string, args: readonly string[]): Promise<number> {
  const started = performance.now();
  const [code] = await once(
    spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] }),
    'exit',
  );
  if (code !== 0) throw new Error(`${command} failed with ${code}`);
  return (performance.now() - started) / 1000;
}

/** Reads every key, value and its content, as the child process of `compare`. */
async function readOne(path: string, how: string): Promise<void> {
  const size = (await stat(path)).size;
  const bytes = how === 'file' ? openHiveFile(path, size) : await readFile(path);
  let [keys, values] = [0, 0];
  const visit = (key: HiveKey): void => {
    keys += 1;
    for (const value of key.values()) {
      valueContent(value.read());
      values += 1;
    }
    for (const subkey of key.subkeys()) visit(subkey);
  };
  visit(openHive(bytes).root);
  if (keys < 1000 || values < 1000) throw new Error('the hive was not read');
}

/** A hive like SOFTWARE: many keys with few values, texts, numbers and some longer data. */
function hive(wanted: number): Uint8Array {
  const vendors = Math.ceil(wanted * 2.2);
  const modified = 1_700_000_000_000_000_000n;
  const keyOf = (name: string, values: NewKey['values'], subkeys: NewKey[]): NewKey => ({
    name,
    modified,
    values,
    subkeys,
  });
  const root = keyOf(
    'ROOT',
    [],
    Array.from({ length: vendors }, (_, vendor) =>
      keyOf(
        `Vendor ${vendor}`,
        [],
        Array.from({ length: 1000 }, (__, index) =>
          keyOf(
            `{0000${vendor}-component-${index}}`,
            [
              textValue('', `Component ${index} of vendor ${vendor}`),
              textValue('InprocServer32', `C:\\Program Files\\Vendor ${vendor}\\${index}.dll`),
              dwordValue('Flags', index),
              ...(index % 50 === 0 ? [binaryValue('Blob', new Uint8Array(4000).fill(index))] : []),
            ],
            [],
          ),
        ),
      ),
    ),
  );
  const securityDescriptor = sddlToBinary('O:BAG:SYD:(A;CI;KA;;;BA)(A;CI;KR;;;BU)');
  return encodeHive(root, { fileName: 'HIVE', securityDescriptor });
}
