import { randomBytes } from 'node:crypto';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { constants } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';

/**
 * What the engine needs to find and to trust the window that started it. It travels in a file that only this user can
 * read, because everybody may read the arguments of a process; the engine deletes it as it reads it.
 */
export interface Invitation {
  /** A named pipe on Windows, else a socket in a folder of this user alone. */
  readonly address: string;
  readonly secret: Uint8Array;
}

export interface WrittenInvitation extends Invitation {
  readonly file: string;
  /** Takes back what was written. */
  withdraw(): Promise<void>;
}

const largestFile = 4096;
const schema = z.strictObject({
  address: z.string().min(1).max(1000),
  secret: z.string().regex(/^[0-9a-f]{64}$/),
});

/** Makes an address and a secret for one launch and writes both into a new file. */
export async function writeInvitation(): Promise<WrittenInvitation> {
  // Mode 0700 (mkdtemp); on Windows the temporary folder is the user's own.
  const dir = await mkdtemp(path.join(tmpdir(), 'layerwright-engine-'));
  const secret = randomBytes(32);
  const name = randomBytes(16).toString('hex');
  const address =
    process.platform === 'win32' ? `\\\\.\\pipe\\layerwright-${name}` : path.join(dir, 'engine');
  const file = path.join(dir, 'invitation.json');
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(JSON.stringify({ address, secret: secret.toString('hex') }));
  } finally {
    await handle.close();
  }
  return { address, secret, file, withdraw: () => rm(dir, { recursive: true, force: true }) };
}

/** Reads an invitation and deletes its file: nobody else can use it. Throws where it is none, or a link. */
export async function acceptInvitation(file: string): Promise<Invitation> {
  const handle = await open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  try {
    const stats = await handle.stat();
    if (!stats.isFile() || stats.size > largestFile) throw new Error(`${file} is no invitation`);
    const { address, secret } = schema.parse(JSON.parse(await handle.readFile('utf8')));
    return { address, secret: Buffer.from(secret, 'hex') };
  } finally {
    await handle.close();
    await rm(file, { force: true });
  }
}
