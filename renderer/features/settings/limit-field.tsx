import { useState } from 'react';
import { TextField } from '../../components/text-field.tsx';

interface LimitFieldProps {
  readonly label: string;
  readonly value: number | undefined;
  readonly most: number;
  readonly onValueChange: (value: number | undefined) => void;
}

/** A whole number of at least 1, or nothing for no limit; what is neither is said, and not kept. */
export function LimitField({ label, value, most, onValueChange }: LimitFieldProps) {
  const [text, setText] = useState(value === undefined ? '' : String(value));
  const isLimit = (candidate: string): boolean =>
    candidate === '' ||
    (/^\d{1,9}$/.test(candidate) && Number(candidate) >= 1 && Number(candidate) <= most);
  return (
    <TextField
      label={label}
      hideLabel
      inputMode="numeric"
      value={text}
      {...(isLimit(text) ? {} : { error: `Empty, or a number from 1 to ${most.toLocaleString()}` })}
      onValueChange={next => {
        setText(next);
        if (isLimit(next)) onValueChange(next === '' ? undefined : Number(next));
      }}
    />
  );
}
