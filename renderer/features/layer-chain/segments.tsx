import type { ReactNode } from 'react';

export interface SegmentsProps<V extends string> {
  readonly label: string;
  readonly value: V;
  readonly options: readonly { readonly value: V; readonly label: ReactNode }[];
  readonly onValueChange: (value: V) => void;
}

/** A few choices side by side, of which one is pressed. */
export function Segments<V extends string>(props: SegmentsProps<V>) {
  const { label, value, options, onValueChange } = props;
  return (
    <div role="group" aria-label={label} className="segments">
      {options.map(option => (
        <button
          key={option.value}
          type="button"
          className="segments__item"
          aria-pressed={option.value === value}
          onClick={() => onValueChange(option.value)}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}
