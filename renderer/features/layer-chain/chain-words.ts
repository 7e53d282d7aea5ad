import type { ChangeKind, LayerOrigin } from '../../../shared/ipc/image-views.ts';
import type { Tone } from '../../components/badge.tsx';
import { visible } from '../../components/visible.ts';

interface ChangeWords {
  readonly label: string;
  /** Says it where colour cannot. */
  readonly glyph: string;
  readonly tone: Tone;
}

/** How a change is named, marked and coloured. */
export const changeWords: { readonly [C in ChangeKind]: ChangeWords } = {
  added: { label: 'added', glyph: '+', tone: 'ok' },
  modified: { label: 'modified', glyph: '~', tone: 'warn' },
  deleted: { label: 'deleted', glyph: '−', tone: 'bad' },
  metadata: { label: 'metadata', glyph: '≡', tone: 'note' },
  unchanged: { label: 'unchanged', glyph: '=', tone: 'neutral' },
};

/** The kinds of change that a layer can make. */
export const changeKinds = ['added', 'modified', 'deleted', 'metadata'] as const;

/** How the origin of a layer is named. */
export const originWords: { readonly [O in LayerOrigin]: string } = {
  base: 'Base',
  'base-update': 'Base update',
  'parent-image': 'Parent image',
  yours: 'Yours',
};

export interface Instruction {
  /** `COPY`, `ENV`; empty where the history does not say. */
  readonly keyword: string;
  readonly text: string;
}

/**
 * Reads the instruction out of a history entry's `created_by`. Docker's classic builder wrote `#(nop)` and the shell
 * in front, BuildKit writes the instruction itself and ` # buildkit` behind it.
 */
export function instructionOf(createdBy: string): Instruction {
  const plain = visible(createdBy.replace(/\s+/g, ' ').trim()).replace(/ # buildkit$/, '');
  const [, nop] = /^(?:cmd \/S \/C|\/bin\/sh -c)\s+#\(nop\)\s+(.*)$/i.exec(plain) ?? [];
  const [, keyword, text] = /^([A-Z]{2,})\s+(.*)$/.exec(nop ?? plain) ?? [];
  if (keyword !== undefined && text !== undefined) return { keyword, text };
  if (/^(?:cmd \/S \/C|\/bin\/sh -c|powershell )/i.test(plain)) {
    return { keyword: 'RUN', text: plain };
  }
  return { keyword: '', text: nop ?? plain };
}

/** The instruction on one line, or what stands for it where the history is silent. */
export function instructionText(createdBy: string): string {
  const { keyword, text } = instructionOf(createdBy);
  return [keyword, text].filter(Boolean).join(' ') || 'no instruction on record';
}

const longestName = 24;

/** What fits below a picture: of a long reference the last part, which has the tag. */
export function nameOf(reference: string): string {
  const short = shortReference(reference);
  return short.length <= longestName ? short : short.slice(short.lastIndexOf('/') + 1);
}

/** For a list of choices: what tells images apart first, and where they come from behind it. */
export function choiceOf(reference: string): string {
  const short = shortReference(reference);
  const slash = short.lastIndexOf('/');
  return slash < 0 ? short : `${short.slice(slash + 1)} · ${short.slice(0, slash)}`;
}

/** A reference without what is obvious: Docker Hub's host. */
export function shortReference(reference: string): string {
  return visible(reference.replace(/^docker\.io\/(?:library\/)?/, ''));
}
