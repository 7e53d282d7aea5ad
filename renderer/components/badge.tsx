import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import './badge.css';

export type Tone = 'neutral' | 'accent' | 'ok' | 'warn' | 'bad' | 'note';

export interface BadgeProps {
  readonly tone?: Tone;
  readonly icon?: ReactNode;
  /** An outline instead of a fill, for what is secondary. */
  readonly outline?: boolean;
  readonly title?: string;
  readonly children: ReactNode;
}

/** A word or two about something: a state, a kind, a count. */
export function Badge({ tone = 'neutral', icon, outline, title, children }: BadgeProps) {
  return (
    <span
      className={classNames('badge', `badge--${tone}`, outline && 'badge--outline')}
      data-tooltip={title}
    >
      {icon}
      <span className="truncate">{children}</span>
    </span>
  );
}
