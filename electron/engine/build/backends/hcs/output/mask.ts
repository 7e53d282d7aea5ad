/** Hides secrets in a text that is shown or kept. */
export type Mask = (text: string) => string;

const hidden = '***';
/** Shorter texts occur everywhere: to hide them would make the log unreadable and tell the secret by that. */
const shortestSecret = 4;

/** Hides `secrets`, and each line of those that have several. */
export function createMask(secrets: readonly string[]): Mask {
  const texts = secrets
    .flatMap(secret => [secret, ...secret.split(/\r\n|\r|\n/u)])
    .map(text => text.trim())
    .filter(text => text.length >= shortestSecret);
  // The longest first: one secret may be a part of another.
  const ordered = [...new Set(texts)].toSorted((a, b) => b.length - a.length);
  return text => ordered.reduce((shown, secret) => shown.replaceAll(secret, hidden), text);
}
