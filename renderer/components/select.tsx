import { ChevronsUpDown } from 'lucide-react';
import { useId, type ReactNode } from 'react';
import { classNames } from './class-names.ts';
import './field.css';

export interface Option<V extends string> {
  readonly value: V;
  readonly label: string;
  readonly disabled?: boolean;
}

export interface SelectProps<V extends string> {
  readonly label: string;
  readonly hideLabel?: boolean;
  readonly hint?: string;
  readonly value: V;
  readonly options: readonly Option<V>[];
  readonly onValueChange: (value: V) => void;
  readonly leading?: ReactNode;
  readonly disabled?: boolean;
  readonly className?: string;
}

/** The browser's own select, dressed: it is right for keyboards, screen readers and contrast themes already. */
export function Select<V extends string>(props: SelectProps<V>) {
  const { label, hideLabel, hint, value, options, onValueChange, leading, disabled } = props;
  const id = useId();
  return (
    <div className={classNames('field', props.className)}>
      <label htmlFor={id} className={hideLabel ? 'visually-hidden' : 'field__label'}>
        {label}
      </label>
      <div className="field__box">
        {leading}
        <select
          id={id}
          className="field__input field__select"
          value={value}
          disabled={disabled}
          aria-describedby={hint === undefined ? undefined : `${id}-hint`}
          onChange={event => {
            const chosen = options.find(option => option.value === event.target.value);
            if (chosen !== undefined) onValueChange(chosen.value);
          }}
        >
          {options.map(option => (
            <option key={option.value} value={option.value} disabled={option.disabled}>
              {option.label}
            </option>
          ))}
        </select>
        <ChevronsUpDown className="field__chevron" aria-hidden="true" />
      </div>
      {hint !== undefined && (
        <p id={`${id}-hint`} className="field__hint">
          {hint}
        </p>
      )}
    </div>
  );
}
