import { visible } from '../../components/visible.ts';

/** The colours of the window's own set that a terminal's colours become, so that each theme can be read. */
export type Ink = 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan' | 'grey';

export interface TextStyle {
  /** Absent for the colour of ordinary text. */
  readonly ink?: Ink;
  readonly paper?: Ink;
  readonly bold?: true;
  readonly faint?: true;
  readonly italic?: true;
  readonly underline?: true;
  readonly strike?: true;
  readonly inverse?: true;
}

/** A stretch of a line in one style. Its text is safe to show: what would be hidden is made visible. */
export interface StyledText {
  readonly text: string;
  readonly style: TextStyle;
}

/**
 * What a terminal would swallow (ECMA-48, xterm's "Control Sequences"): CSI sequences; OSC, DCS, SOS, PM and
 * APC strings up to BEL or ST, or to the end of the line; and escapes of one or two characters. A CSI
 * that SGR sets styles with has its parameters in group 1.
 */
const sequence =
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  /(?:\u001b\[|\u009b)(?:([\d;:]*)m|[0-?]*[ -/]*[@-~])|(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c|$)|\u001b[ -/]*[0-OQ-WYZ`-~]/g;

/**
 * Cuts a line of a log into styled stretches. Styles of SGR are kept; links, titles and all other
 * escapes are left out, so that no line can act on the window. A line begins without a style.
 */
export function parseAnsi(line: string): readonly StyledText[] {
  const parts: StyledText[] = [];
  let style: TextStyle = {};
  let from = 0;
  const add = (to: number): void => {
    if (to > from) parts.push({ text: printable(line.slice(from, to)), style });
  };
  for (const match of line.matchAll(sequence)) {
    add(match.index);
    from = match.index + match[0].length;
    if (match[1] !== undefined) style = applySgr(style, match[1]);
  }
  add(line.length);
  return parts;
}

/** Makes hidden characters visible, but for tabs and the carriage return that ends the lines of Windows. */
function printable(text: string): string {
  return text.replace(/\r+$/, '').split('\t').map(visible).join('\t');
}

/** The text of a line as it is shown, without styles. */
export function plainText(line: string): string {
  return parseAnsi(line)
    .map(({ text }) => text)
    .join('');
}

/** A style after the parameters of one SGR sequence. */
function applySgr(style: TextStyle, parameters: string): TextStyle {
  // ECMA-48 parts the values of one parameter by ":", most programs by ";"; an absent one is 0.
  const codes = parameters.split(/[;:]/).map(Number);
  let next = style;
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0;
    if (code === 38 || code === 48 || code === 58) {
      const { ink, length } = extendedColour(codes.slice(at + 1));
      if (code !== 58) next = withColour(next, code === 38 ? 'ink' : 'paper', ink);
      at += length;
    } else next = withCode(next, code);
  }
  return next;
}

const basicInks: readonly (Ink | undefined)[] = [
  undefined,
  'red',
  'green',
  'yellow',
  'blue',
  'magenta',
  'cyan',
  undefined,
];

const switches: Readonly<Record<number, Partial<TextStyle>>> = {
  1: { bold: true },
  2: { faint: true },
  3: { italic: true },
  4: { underline: true },
  7: { inverse: true },
  9: { strike: true },
};

const offSwitches: Readonly<Record<number, readonly (keyof TextStyle)[]>> = {
  22: ['bold', 'faint'],
  23: ['italic'],
  24: ['underline'],
  27: ['inverse'],
  29: ['strike'],
  39: ['ink'],
  49: ['paper'],
};

function withCode(style: TextStyle, code: number): TextStyle {
  if (code === 0) return {};
  const on = switches[code];
  if (on !== undefined) return { ...style, ...on };
  const off = offSwitches[code];
  if (off !== undefined) return without(style, off);
  if (code >= 30 && code <= 37) return withColour(style, 'ink', basicInks[code - 30]);
  if (code >= 40 && code <= 47) return withColour(style, 'paper', basicInks[code - 40]);
  if (code >= 90 && code <= 97) return withColour(style, 'ink', brightInk(code - 90));
  if (code >= 100 && code <= 107) return withColour(style, 'paper', brightInk(code - 100));
  return style;
}

function brightInk(colour: number): Ink | undefined {
  return colour === 0 ? 'grey' : basicInks[colour];
}

function withColour(style: TextStyle, side: 'ink' | 'paper', ink: Ink | undefined): TextStyle {
  return ink === undefined ? without(style, [side]) : { ...style, [side]: ink };
}

function without(style: TextStyle, keys: readonly (keyof TextStyle)[]): TextStyle {
  return Object.fromEntries(
    Object.entries(style).filter(([key]) => !keys.some(other => other === key)),
  );
}

/** Reads `5;n` or `2;r;g;b` behind 38, 48 or 58; `length` tells how many values that took. */
function extendedColour(values: readonly number[]): {
  readonly ink: Ink | undefined;
  readonly length: number;
} {
  const [kind, first = 0, second = 0, third = 0] = values;
  if (kind === 5) return { ink: paletteInk(first), length: 2 };
  if (kind === 2) return { ink: nearestInk(first, second, third), length: 4 };
  return { ink: undefined, length: 1 };
}

/** xterm's palette: 16 basic colours, a cube of 6 x 6 x 6, and 24 greys. */
function paletteInk(index: number): Ink | undefined {
  if (index < 8) return basicInks[index];
  if (index < 16) return brightInk(index - 8);
  if (index >= 232) return index < 250 ? 'grey' : undefined;
  const cube = index - 16;
  const level = (value: number): number => (value === 0 ? 0 : 55 + 40 * value);
  return nearestInk(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6));
}

/** In sixths of the colour circle, from red. */
const circle: readonly Ink[] = ['red', 'yellow', 'green', 'cyan', 'blue', 'magenta'];
const leastChroma = 40;

/** The ink of the same hue; pale colours are grey, or ordinary text where they are very dark or light. */
function nearestInk(red: number, green: number, blue: number): Ink | undefined {
  const most = Math.max(red, green, blue);
  const chroma = most - Math.min(red, green, blue);
  if (chroma < leastChroma) return most > 60 && most < 200 ? 'grey' : undefined;
  const hue =
    most === red
      ? (green - blue) / chroma
      : most === green
        ? 2 + (blue - red) / chroma
        : 4 + (red - green) / chroma;
  return circle[(Math.round(hue) + 6) % 6];
}
