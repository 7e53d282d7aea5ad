import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { engineHandshake, windowHandshake } from '../../../electron/elevation/handshake.ts';

const secret = randomBytes(32);

/** Passes frames between the two until one is done or refuses; `change` may meddle with them. */
function converse(change: (frame: object) => unknown = frame => frame, theirs = secret) {
  const window = windowHandshake(secret);
  const engine = engineHandshake(theirs);
  const proof = engine.receive(change(window.opening ?? {}));
  if (!proof.send) return { window: proof, engine: proof };
  const welcome = window.receive(change(proof.send));
  if (!welcome.send) return { window: welcome, engine: {} };
  return { window: welcome, engine: engine.receive(change(welcome.send)) };
}

describe('the handshake of window and engine', () => {
  it('ends well on both sides where both know the secret', () => {
    const { window, engine } = converse();
    expect(window.done).toBe(true);
    expect(engine.done).toBe(true);
  });

  it('never shows the secret', () => {
    const said: object[] = [];
    converse(frame => {
      said.push(frame);
      return frame;
    });
    expect(said).toHaveLength(3);
    expect(JSON.stringify(said)).not.toContain(secret.toString('hex'));
  });

  it('lets the window refuse an engine with another secret', () => {
    expect(converse(frame => frame, randomBytes(32)).window.refused).toBe(true);
  });

  it('lets the engine refuse whoever only plays its own proof back', () => {
    const engine = engineHandshake(secret);
    const { send } = engine.receive({ kind: 'hello', nonce: '0'.repeat(64) });
    const { proof } = send as { readonly proof: string };
    expect(engine.receive({ kind: 'welcome', proof }).refused).toBe(true);
  });

  it.each([
    ['a changed nonce', { kind: 'hello', nonce: 'f'.repeat(64), more: 1 }],
    ['text', 'hello'],
    ['nothing', null],
    ['a nonce that is none', { kind: 'hello', nonce: '../../etc' }],
  ])('refuses %s', (_what, frame) => {
    expect(engineHandshake(secret).receive(frame).refused).toBe(true);
    expect(windowHandshake(secret).receive(frame).refused).toBe(true);
  });
});
