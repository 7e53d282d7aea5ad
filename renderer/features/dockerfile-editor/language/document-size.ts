/** From this many UTF-16 units on, only the syntax is checked: no values, no second opinion, no hints while typing. */
const large = 1024 * 1024;

/** How much is done for a text of that length. */
export function depthFor(length: number): 'values' | 'syntax' {
  return length < large ? 'values' : 'syntax';
}
