import { useState } from 'react';
import { TextField } from '../../components/text-field.tsx';

interface KeptFieldProps {
  readonly label: string;
  readonly inputMode?: 'text' | 'numeric';
  /** What is kept when the field is first shown. */
  readonly value: string;
  readonly fits: (text: string) => boolean;
  /** Said of a text that does not fit. */
  readonly problem: string;
  readonly onValueChange: (text: string) => void;
}

/** A text that is kept with every key as long as it fits; what does not fit is said, and not kept. */
export function KeptField(props: KeptFieldProps) {
  const { label, inputMode = 'text', value, fits, problem, onValueChange } = props;
  const [text, setText] = useState(value);
  return (
    <TextField
      label={label}
      hideLabel
      inputMode={inputMode}
      value={text}
      {...(fits(text) ? {} : { error: problem })}
      onValueChange={next => {
        setText(next);
        if (fits(next)) onValueChange(next);
      }}
    />
  );
}
