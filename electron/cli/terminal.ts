import { neutralized, neutralJson } from './text/neutralize.ts';

/** Where the command line speaks: results on `out`, everything else on `err`. */
export interface Terminal {
  /** Writes a line of a result. */
  line(text: string): void;
  /** Writes a value as one line of JSON to `out`. */
  json(value: unknown): void;
  /** Writes to `out` exactly this, for what is hashed or parsed by others: on a terminal it is made safe as all is. */
  raw(text: string): void;
  /** Writes a line that tells what happens. */
  note(text: string): void;
  /** Writes to `err` as it is, escape sequences included. */
  paint(text: string): void;
  /** Columns that a line of a result may take: those of the terminal; a file or a pipe takes all. */
  readonly width: number;
  readonly view: View;
}

/** How a live view can be shown on `err`. */
export interface View {
  /** Whether lines can be redrawn in place. */
  readonly live: boolean;
  readonly columns: number;
  readonly rows: number;
}

type Output = Pick<NodeJS.WriteStream, 'write' | 'isTTY' | 'columns' | 'rows'>;

/** What every line that is not painted goes through: whatever names and texts contain, a terminal obeys none of it. */
function safe(text: string): string {
  return `${text.split('\n').map(neutralized).join('\n')}\n`;
}

export function createTerminal(
  out: Output,
  err: Output,
  environment: Readonly<Record<string, string | undefined>>,
): Terminal {
  return {
    line: text => void out.write(safe(text)),
    json: value => void out.write(`${neutralJson(value)}\n`),
    raw: text => void out.write(out.isTTY ? safe(text) : text),
    note: text => void err.write(safe(text)),
    paint: text => void err.write(text),
    get width() {
      return out.isTTY ? out.columns || 80 : Infinity;
    },
    get view() {
      // Read anew each time: the window can be resized while a build runs.
      return {
        live: err.isTTY && mayRedraw(environment),
        columns: err.columns || 80,
        rows: err.rows || 24,
      };
    },
  };
}

/** https://no-color.org; CI systems keep a log, where a redrawn line is noise. */
function mayRedraw(environment: Readonly<Record<string, string | undefined>>): boolean {
  const isSet = (name: string): boolean => (environment[name] ?? '') !== '';
  return !isSet('NO_COLOR') && !isSet('CI') && environment['TERM'] !== 'dumb';
}
