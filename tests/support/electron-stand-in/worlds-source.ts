import { randomUUID } from 'node:crypto';
import { makeCodec, makeLink, pageWorld, preloadWorld } from './worlds.ts';

/** The two scripts that a page runs before its own: one per world. */
export interface WorldScripts {
  readonly page: string;
  readonly preload: string;
}

/** Makes both for one preload. The event names between the worlds are secrets of this process. */
export function worldScripts(preloadSource: string): WorldScripts {
  const page = `to-page-${randomUUID()}`;
  const preload = `to-preload-${randomUUID()}`;
  const parts = `(${makeCodec.toString()})(), ${makeLink.toString()}`;
  const names = (own: string, other: string) => JSON.stringify({ own, other });
  return {
    page: `if (window === window.top) (${pageWorld.toString()})(${parts}, ${names(page, preload)});`,
    preload: `if (window === window.top) (() => {
      const electron = (${preloadWorld.toString()})(${parts}, ${names(preload, page)});
      const require = name => {
        if (name === 'electron') return electron;
        throw new Error('module not found: ' + name);
      };
      const module = { exports: {} };
      (function (require, module, exports) {${preloadSource}
      })(require, module, module.exports);
    })();`,
  };
}
