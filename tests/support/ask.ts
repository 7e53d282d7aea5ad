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
  return await page.evaluate(
    async ([channelName, payload]) => {
      if (window.bridge) return await window.bridge.invoke(channelName, payload);
      const url = new URL('ipc', document.baseURI);
      url.protocol = 'ws:';
      const socket = new WebSocket(url);
      try {
        return await new Promise<Reply<unknown>>((resolve, reject) => {
          socket.addEventListener('close', event => reject(new Error(`closed ${event.code}`)));
          socket.addEventListener('open', () => {
            const request = {
              kind: 'request',
              requestId: '1',
              channel: channelName,
              input: payload,
            };
            socket.send(JSON.stringify(request));
          });
          socket.addEventListener('message', ({ data }) => {
            const frame = JSON.parse(String(data));
            if (frame.kind === 'reply') resolve(frame.reply);
          });
        });
      } finally {
        socket.close();
      }
    },
    [channel, input] as const,
  );
}
