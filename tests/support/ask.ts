import type { Page } from 'playwright-core';
import type { Bridge } from '../../shared/ipc/bridge.ts';
import type { Channel, InputOf, Output, Reply } from '../../shared/ipc/contract.ts';

declare global {
  interface Window {
    /** As in renderer/api/connect.ts. */
    readonly bridge?: Bridge;
  }
}

/** Asks the host the way the page does, and gives the envelope. Works in both modes. */
export async function ask<C extends Channel>(
  page: Page,
  channel: C,
  input: InputOf<C>,
): Promise<Reply<Output<C>>> {
  return (await askRaw(page, channel, input)) as Reply<Output<C>>;
}

/** The same without types, for what no page of ours would say. */
export async function askRaw(page: Page, channel: string, input: unknown): Promise<Reply<unknown>> {
  const [reply] = await askAll(page, [[channel, input]]);
  if (reply === undefined) throw new Error('no reply');
  return reply;
}

/** Asks many things one after another, over one connection. */
export async function askAll(
  page: Page,
  questions: readonly (readonly [channel: string, input: unknown])[],
): Promise<Reply<unknown>[]> {
  return await page.evaluate(async asked => {
    const replies: Reply<unknown>[] = [];
    if (window.bridge) {
      for (const [channel, input] of asked)
        replies.push(await window.bridge.invoke(channel, input));
      return replies;
    }
    const url = new URL('ipc', document.baseURI);
    url.protocol = 'ws:';
    const socket = new WebSocket(url);
    const sendNext = (): void => {
      const [channel, input] = asked[replies.length] ?? [];
      socket.send(JSON.stringify({ kind: 'request', requestId: '1', channel, input }));
    };
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener('close', event => reject(new Error(`closed ${event.code}`)));
      socket.addEventListener('open', sendNext);
      socket.addEventListener('message', ({ data }) => {
        const frame = JSON.parse(String(data));
        if (frame.kind !== 'reply') return;
        replies.push(frame.reply);
        if (replies.length < asked.length) sendNext();
        else resolve();
      });
    });
    socket.close();
    return replies;
  }, questions);
}
