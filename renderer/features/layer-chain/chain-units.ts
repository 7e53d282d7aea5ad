/** The layout is in pixels at the standard text size of 13; as rem it grows with the text. */
export function rem(length: number): string {
  return `${length / 13}rem`;
}
