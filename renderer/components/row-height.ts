/** The height of a row in px, from that in rem: drawn rows are placed in px, and text grows with the root. */
export function rowPixels(rem: number): number {
  return Math.round(rem * Number.parseFloat(getComputedStyle(document.documentElement).fontSize));
}
