/**
 * Sent as a response header with every page and asset, by `app://` and by `serve`. Monaco writes
 * styles into the page, hence 'unsafe-inline' for styles only; its icons are a data: font.
 * `connect-src 'self'` covers the WebSocket of the same host and port (CSP Level 3, "self" and ws).
 */
const contentPolicy = [
  "default-src 'self'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Headers of everything that comes from the bundle. */
export const bundleHeaders = {
  'content-security-policy': contentPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;
