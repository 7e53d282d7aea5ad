import { Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { InspectNote } from '../../../shared/ipc/inspect-views.ts';
import { formatTime } from '../../components/format.ts';
import { visible } from '../../components/visible.ts';

/** What is known of a thing, name by name. */
export function Facts({ children }: { readonly children: ReactNode }) {
  return <dl className="facts">{children}</dl>;
}

export function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** A time (ISO 8601) as a fact; nothing where it is absent or no time. */
export function TimeFact({
  name,
  time,
}: {
  readonly name: string;
  readonly time?: string | undefined;
}) {
  const at = Date.parse(time ?? '');
  if (time === undefined || Number.isNaN(at)) return null;
  return (
    <Fact name={name}>
      <time dateTime={time} data-tooltip={time}>
        {formatTime(at)}
      </time>
    </Fact>
  );
}

/** What could not be read, or what is not known. */
export function Notes({ notes }: { readonly notes: readonly InspectNote[] }) {
  if (notes.length === 0) return null;
  return (
    <ul className="notes" aria-label="Notes">
      {notes.map(({ kind, text }) => (
        <li key={text} className={`notes__item notes__item--${kind}`}>
          {kind === 'warning' ? <TriangleAlert aria-hidden="true" /> : <Info aria-hidden="true" />}
          <span>{visible(text)}</span>
        </li>
      ))}
    </ul>
  );
}
