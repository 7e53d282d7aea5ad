import { KeptField } from './kept-field.tsx';

interface NumberFieldProps<T extends number | undefined> {
  readonly label: string;
  readonly value: T;
  readonly most: number;
  readonly onValueChange: (value: T) => void;
}

/** A whole number of at least 1. */
export function NumberField({ label, value, most, onValueChange }: NumberFieldProps<number>) {
  return (
    <KeptField
      label={label}
      inputMode="numeric"
      value={String(value)}
      fits={text => isNumber(text, most)}
      problem={`A number from 1 to ${most.toLocaleString()}`}
      onValueChange={text => onValueChange(Number(text))}
    />
  );
}

/** A whole number of at least 1, or nothing for no limit. */
export function LimitField(props: NumberFieldProps<number | undefined>) {
  const { label, value, most, onValueChange } = props;
  return (
    <KeptField
      label={label}
      inputMode="numeric"
      value={value === undefined ? '' : String(value)}
      fits={text => text === '' || isNumber(text, most)}
      problem={`Empty, or a number from 1 to ${most.toLocaleString()}`}
      onValueChange={text => onValueChange(text === '' ? undefined : Number(text))}
    />
  );
}

function isNumber(text: string, most: number): boolean {
  return /^\d{1,9}$/.test(text) && Number(text) >= 1 && Number(text) <= most;
}
