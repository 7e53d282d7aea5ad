import type { ChangeKind } from '../../../shared/ipc/image-views.ts';
import { classNames } from '../../components/class-names.ts';
import { formatCount } from '../../components/format.ts';
import { changeWords } from './chain-words.ts';

export interface ChangeMarkProps {
  readonly change: ChangeKind;
  readonly count?: number;
  /** Only the glyph; the word is left to assistive technology. */
  readonly short?: boolean;
}

/** A change as glyph, colour and word. */
export function ChangeMark({ change, count, short }: ChangeMarkProps) {
  const { glyph, label, tone } = changeWords[change];
  return (
    <span className={classNames('change-mark', `change-mark--${tone}`)}>
      <b aria-hidden="true" data-tooltip={short ? label : undefined}>
        {glyph}
      </b>
      {count !== undefined && <span>{formatCount(count)}</span>}
      <span className={classNames(short && 'visually-hidden')}>{label}</span>
    </span>
  );
}
