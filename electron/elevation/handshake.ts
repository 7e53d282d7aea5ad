import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** Who says something in the handshake: a proof of the one cannot be played back as the other's. */
type Role = 'window' | 'engine';

const nonceSchema = z.string().regex(/^[0-9a-f]{64}$/);
const helloSchema = z.strictObject({ kind: z.literal('hello'), nonce: nonceSchema });
const proofSchema = z.strictObject({
  kind: z.literal('proof'),
  nonce: nonceSchema,
  proof: nonceSchema,
});
const welcomeSchema = z.strictObject({ kind: z.literal('welcome'), proof: nonceSchema });

/** What one side does with a frame of the handshake: an answer, the end of it, or a refusal. */
export interface HandshakeStep {
  readonly send?: object;
  readonly done?: boolean;
  readonly refused?: boolean;
}

/** One side of the handshake, frame by frame; it knows nothing of streams. */
export interface Handshake {
  /** What to say first; undefined where the other side begins. */
  readonly opening?: object;
  receive(frame: unknown): HandshakeStep;
}

const refused: HandshakeStep = { refused: true };

/**
 * The side of the window, which listens. Both sides prove with HMAC-SHA-256 that they know the secret of this launch;
 * the secret itself is never sent, and fresh nonces make an old conversation worthless.
 */
export function windowHandshake(secret: Uint8Array): Handshake {
  const mine = newNonce();
  return {
    opening: { kind: 'hello', nonce: mine },
    receive(frame) {
      const answer = proofSchema.safeParse(frame).data;
      if (!answer || !matches(answer.proof, proofOf(secret, 'engine', [mine, answer.nonce])))
        return refused;
      const proof = proofOf(secret, 'window', [mine, answer.nonce]);
      return { send: { kind: 'welcome', proof }, done: true };
    },
  };
}

/** The side of the engine, which connects. It obeys nobody before the window has proved itself. */
export function engineHandshake(secret: Uint8Array): Handshake {
  const mine = newNonce();
  let theirs: string | undefined;
  return {
    receive(frame) {
      if (theirs === undefined) {
        theirs = helloSchema.safeParse(frame).data?.nonce;
        if (theirs === undefined) return refused;
        const proof = proofOf(secret, 'engine', [theirs, mine]);
        return { send: { kind: 'proof', nonce: mine, proof } };
      }
      const welcome = welcomeSchema.safeParse(frame).data;
      const expected = proofOf(secret, 'window', [theirs, mine]);
      return welcome && matches(welcome.proof, expected) ? { done: true } : refused;
    },
  };
}

function newNonce(): string {
  return randomBytes(32).toString('hex');
}

function proofOf(secret: Uint8Array, role: Role, nonces: readonly string[]): string {
  return createHmac('sha256', secret)
    .update(`layerwright ${role} ${nonces.join(' ')}`)
    .digest('hex');
}

function matches(found: string, expected: string): boolean {
  return timingSafeEqual(Buffer.from(found, 'hex'), Buffer.from(expected, 'hex'));
}
