import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Who may use the server: whoever opened a URL with a token that was printed in the terminal. */
export interface Sessions {
  /** A token that opens one session, once. A new one makes the former worthless. */
  newToken(): string;
  /** The secret of a new session, or `undefined` where the token is wrong or was used. */
  exchange(token: string): string | undefined;
  isOpen(secret: string | undefined): boolean;
}

/** The oldest session ends when more browsers than this are let in. */
const maxSessions = 16;

/** Keeps only hashes, and compares them in constant time. */
export function createSessions(idleMs = 12 * 60 * 60 * 1000, now = Date.now): Sessions {
  let tokenHash: Buffer | undefined;
  const open: { readonly hash: Buffer; usedAt: number }[] = [];

  return {
    newToken() {
      const token = secret();
      tokenHash = hashOf(token);
      return token;
    },
    exchange(token) {
      if (tokenHash === undefined || !timingSafeEqual(tokenHash, hashOf(token))) return undefined;
      tokenHash = undefined;
      const session = secret();
      open.push({ hash: hashOf(session), usedAt: now() });
      if (open.length > maxSessions) open.shift();
      return session;
    },
    isOpen(session) {
      if (session === undefined) return false;
      const hash = hashOf(session);
      const found = open.find(candidate => timingSafeEqual(candidate.hash, hash));
      if (found === undefined || now() - found.usedAt > idleMs) return false;
      found.usedAt = now();
      return true;
    },
  };
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
