import { randomUUID } from 'node:crypto';
import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import type { Bytes } from '../content/bytes.ts';
import type { FileIngest } from '../content/file-ingest.ts';
import { RegistryError } from './registry-error.ts';

/** How many blobs can be on their way at once. */
const sessionLimit = 100;

/** Far above any layer, in bytes; a client that sends without end must not fill the disk. */
const blobLimit = 256 * 1024 ** 3;

/** A blob that is being pushed. */
export class UploadSession {
  readonly uploadId = randomUUID();
  readonly name: string;
  readonly #ingest: FileIngest;
  #over = false;
  #busy = false;
  #lastUsed = Date.now();

  constructor(name: string, ingest: FileIngest) {
    this.name = name;
    this.#ingest = ingest;
  }

  /** Bytes that have come so far. */
  get size(): number {
    return this.#ingest.size;
  }

  /** Milliseconds since something was last done with it. */
  get idle(): number {
    return this.#busy ? 0 : Date.now() - this.#lastUsed;
  }

  /** Whether it became a blob, or can never become one. */
  get isOver(): boolean {
    return this.#over;
  }

  /** Lets one request at a time work on it: bytes from two would mix. Throws BLOB_UPLOAD_INVALID. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    if (this.#busy) {
      const message = 'another request is sending to this upload';
      throw new RegistryError('BLOB_UPLOAD_INVALID', message, { status: 409 });
    }
    this.#busy = true;
    try {
      return await work();
    } finally {
      this.#busy = false;
      this.#lastUsed = Date.now();
    }
  }

  /** Takes what comes. After a cut, what came before it is kept, and the client can go on from there. */
  async append(content: Bytes, limit = Infinity): Promise<void> {
    const end = this.size + limit;
    for await (const chunk of content) {
      // Only a cut of the connection can be gone on from.
      this.#over = true;
      if (this.size + chunk.byteLength > Math.min(end, blobLimit)) {
        const message = 'more bytes came than were announced';
        throw new RegistryError('SIZE_INVALID', message, { status: 413 });
      }
      await this.#ingest.write(chunk);
      this.#over = false;
    }
  }

  /** Makes it a blob of the store. Throws the AppError blob-mismatch. */
  async commit(blob: Descriptor): Promise<void> {
    this.#over = true;
    await this.#ingest.commitAs(blob);
  }

  async abort(): Promise<void> {
    await this.#ingest.abort();
  }
}

/** The blobs that are being pushed. Those that nobody goes on with are dropped. */
export class UploadSessions implements AsyncDisposable {
  readonly #newIngest: () => Promise<FileIngest>;
  readonly #sessions = new Map<string, UploadSession>();
  readonly #sweeper: NodeJS.Timeout;
  readonly #onEnd: (session: UploadSession) => void;

  constructor(
    newIngest: () => Promise<FileIngest>,
    idleMilliseconds: number,
    onEnd: (session: UploadSession) => void,
  ) {
    this.#newIngest = newIngest;
    this.#onEnd = onEnd;
    const sweep = () => {
      this.#sweep(idleMilliseconds).catch(() => undefined);
    };
    this.#sweeper = setInterval(sweep, Math.max(idleMilliseconds / 4, 10)).unref();
  }

  /** Throws TOOMANYREQUESTS. */
  async open(name: string): Promise<UploadSession> {
    if (this.#sessions.size >= sessionLimit) {
      const message = `${sessionLimit} uploads are under way; finish or cancel some`;
      throw new RegistryError('TOOMANYREQUESTS', message, {
        status: 429,
        headers: { 'retry-after': '5' },
      });
    }
    const session = new UploadSession(name, await this.#newIngest());
    this.#sessions.set(session.uploadId, session);
    return session;
  }

  /** Throws BLOB_UPLOAD_UNKNOWN. */
  find(name: string, uploadId: string): UploadSession {
    const session = this.#sessions.get(uploadId);
    if (session?.name === name) return session;
    const message =
      'there is no such upload; it may have been finished, cancelled or left for too long';
    throw new RegistryError('BLOB_UPLOAD_UNKNOWN', message, { status: 404 });
  }

  /** Does what one request asks for, and forgets a session that is over then. */
  async work<T>(session: UploadSession, work: () => Promise<T>): Promise<T> {
    return await session.alone(async () => {
      try {
        return await work();
      } finally {
        if (session.isOver) await this.end(session);
      }
    });
  }

  /** Forgets a session and removes what it wrote; harmless after its commit. */
  async end(session: UploadSession): Promise<void> {
    this.#sessions.delete(session.uploadId);
    await session.abort();
    this.#onEnd(session);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#sweeper);
    await Promise.all([...this.#sessions.values()].map(session => this.end(session)));
  }

  async #sweep(idleMilliseconds: number): Promise<void> {
    for (const session of this.#sessions.values()) {
      if (session.idle > idleMilliseconds) await this.end(session);
    }
  }
}
