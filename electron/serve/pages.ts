import type { Refusal } from './gate.ts';

const reasons: { readonly [R in Refusal]: string } = {
  host: 'This address is not one that the server answers to.',
  origin: 'The request came from another page.',
  session: 'This browser has not been let in, or its session has ended.',
};

/** Says why nothing is shown, and how to get in. */
export function refusalPage(refusal: Refusal): string {
  return page(
    'Not let in',
    `<h1>Not let in</h1><p>${reasons[refusal]}</p>
<p>Open the address that “layerwright serve” prints in its terminal. Each address works once;
after it was used, the terminal shows a new one for the next browser.</p>`,
  );
}

/**
 * Leads from the one-time address to the app. A redirect would not do: where the address was clicked
 * on a page of another site, the browser counts it as cross-site and holds the Strict cookie back.
 */
export function welcomePage(): string {
  return page(
    'Layerwright',
    '<p>Opening <a href="/">Layerwright</a>…</p>',
    '<meta http-equiv="refresh" content="0;url=/" />',
  );
}

function page(title: string, body: string, head = ''): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8" /><title>${title}</title>${head}
<style>body{font:16px/1.5 system-ui;max-width:36em;margin:15vh auto;padding:0 1em}</style></head>
<body>${body}</body>
</html>
`;
}
