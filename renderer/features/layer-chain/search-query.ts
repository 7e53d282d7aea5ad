import type { InputOf } from '../../../shared/ipc/contract.ts';

/** What the form of the search says, as it was typed. */
export interface SearchForm {
  readonly mode: 'text' | 'glob' | 'hash';
  readonly text: string;
  readonly minSize: string;
  readonly maxSize: string;
  /** `2026-11-24`, of the local time zone, or empty. */
  readonly from: string;
  readonly to: string;
  readonly state: 'any' | 'shown' | 'hidden';
  /** Folders are in nearly every layer, so they are left out unless they are wanted. */
  readonly folders: 'without' | 'with';
}

export const emptySearch: SearchForm = {
  mode: 'text',
  text: '',
  minSize: '',
  maxSize: '',
  from: '',
  to: '',
  state: 'any',
  folders: 'without',
};

const kindsWithoutFolders = [
  'file',
  'hard-link',
  'symlink',
  'junction',
  'stream',
  'whiteout',
] as const;

type Query = Omit<InputOf<'layer.find'>, 'reference' | 'offset' | 'limit'>;

export interface ReadForm {
  readonly query: Query;
  /** What is wrong, by field; the query is then without it. */
  readonly problems: Partial<Record<'text' | 'minSize' | 'maxSize', string>>;
}

const units: Readonly<Record<string, number>> = { '': 1, B: 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };

/** Reads `10 MiB`, `1.5k`, `200`: bytes, in binary units; undefined where it is no size. */
export function parseSize(text: string): number | undefined {
  const [, digits, unit] = /^\s*(\d+(?:\.\d+)?)\s*([bkmg]?)(?:i?b)?\s*$/i.exec(text) ?? [];
  const factor = units[(unit ?? '').toUpperCase()];
  if (digits === undefined || factor === undefined) return undefined;
  const size = Math.round(Number(digits) * factor);
  return Number.isSafeInteger(size) ? size : undefined;
}

const hash = /^(?:sha256:)?[0-9a-f]{8,64}$/i;
const sizeProblem = 'A size is a number with B, KiB, MiB or GiB.';

/** What to ask for, and what of the form cannot be asked. */
export function readForm(form: SearchForm): ReadForm {
  const words = readWords(form);
  const sizes = readSizes(form);
  const from = timeOf(form.from, 0);
  const to = timeOf(form.to, 1);
  return {
    problems: { ...words.problems, ...sizes.problems },
    query: {
      state: form.state,
      ...(form.folders === 'with' ? {} : { kinds: [...kindsWithoutFolders] }),
      ...words.query,
      ...sizes.query,
      ...(from === undefined ? {} : { modifiedFrom: from }),
      // The whole of the last day belongs to it.
      ...(to === undefined ? {} : { modifiedTo: to - 1 }),
    },
  };
}

function readWords({ mode, text }: SearchForm): ReadForm {
  const words = text.trim();
  const problem = 'A content hash is at least 8 hexadecimal digits of a sha256.';
  if (words === '') return { query: {}, problems: {} };
  if (mode === 'text') return { query: { text: words }, problems: {} };
  if (mode === 'glob') return { query: { glob: words }, problems: {} };
  return hash.test(words)
    ? { query: { contentHash: words }, problems: {} }
    : { query: {}, problems: { text: problem } };
}

function readSizes(form: SearchForm): ReadForm {
  const minSize = sizeOf(form.minSize);
  const maxSize = sizeOf(form.maxSize);
  return {
    query: {
      ...(typeof minSize === 'number' ? { minSize } : {}),
      ...(typeof maxSize === 'number' ? { maxSize } : {}),
    },
    problems: {
      ...(minSize === 'bad' ? { minSize: sizeProblem } : {}),
      ...(maxSize === 'bad' ? { maxSize: sizeProblem } : {}),
    },
  };
}

function sizeOf(text: string): number | 'bad' | undefined {
  return text.trim() === '' ? undefined : (parseSize(text) ?? 'bad');
}

/** The start of a day, some days later, in ms since 1970. */
function timeOf(day: string, later: number): number | undefined {
  const [year, month, date] = day.split('-').map(Number);
  if (year === undefined || month === undefined || date === undefined) return undefined;
  const time = new Date(year, month - 1, date + later).getTime();
  return Number.isNaN(time) ? undefined : time;
}
