import { Search, X } from 'lucide-react';
import { useId, type InputHTMLAttributes, type ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { IconButton } from './button.tsx';
import './field.css';

interface FieldFrame {
  readonly label: string;
  /** Keeps the label for assistive technology only. */
  readonly hideLabel?: boolean;
  readonly hint?: string;
  readonly error?: string;
  readonly mono?: boolean;
  readonly leading?: ReactNode;
  readonly trailing?: ReactNode;
  readonly ref?: React.Ref<HTMLInputElement>;
}

export interface TextFieldProps
  extends FieldFrame, Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange'> {
  readonly value: string;
  readonly onValueChange: (value: string) => void;
}

/** A line of text with its label, hint and error. */
export function TextField(props: TextFieldProps) {
  const { label, hideLabel, hint, error, mono, leading, trailing, className, ...rest } = props;
  const { value, onValueChange, ...input } = rest;
  const id = useId();
  const described = error ?? hint;
  return (
    <div className={classNames('field', className)}>
      <label htmlFor={id} className={hideLabel ? 'visually-hidden' : 'field__label'}>
        {label}
      </label>
      <div className={classNames('field__box', error !== undefined && 'field__box--error')}>
        {leading}
        <input
          type="text"
          spellCheck={false}
          autoComplete="off"
          {...input}
          id={id}
          value={value}
          onChange={event => onValueChange(event.target.value)}
          aria-invalid={error !== undefined || undefined}
          aria-describedby={described === undefined ? undefined : `${id}-hint`}
          className={classNames('field__input', mono && 'mono')}
        />
        {trailing}
      </div>
      {described !== undefined && (
        <p id={`${id}-hint`} className={error === undefined ? 'field__hint' : 'field__error'}>
          {described}
        </p>
      )}
    </div>
  );
}

export interface SearchFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onValueChange: (value: string) => void;
  readonly placeholder?: string;
  readonly trailing?: ReactNode;
  readonly onKeyDown?: React.KeyboardEventHandler<HTMLInputElement>;
  readonly className?: string;
  /** Where the field drives a listbox: its id, and the id of the option at the cursor. */
  readonly combobox?: { readonly listId: string; readonly activeId: string | undefined };
  readonly ref?: React.Ref<HTMLInputElement>;
}

/** A search or filter field; Escape empties it. */
export function SearchField(props: SearchFieldProps) {
  const { value, onValueChange, trailing, onKeyDown, placeholder, label, className, ref } = props;
  const { combobox } = props;
  const clear = value !== '' && (
    <IconButton
      size="small"
      label="Clear"
      icon={<X aria-hidden="true" />}
      onClick={() => onValueChange('')}
    />
  );
  return (
    <TextField
      {...(ref === undefined ? {} : { ref })}
      {...(combobox === undefined ? {} : comboboxProps(combobox))}
      label={label}
      hideLabel
      className={classNames('search-field', className)}
      value={value}
      onValueChange={onValueChange}
      placeholder={placeholder ?? label}
      leading={<Search className="field__icon" aria-hidden="true" />}
      trailing={
        <>
          {trailing}
          {clear}
        </>
      }
      onKeyDown={event => {
        if (event.key === 'Escape' && value !== '') {
          event.stopPropagation();
          onValueChange('');
        }
        onKeyDown?.(event);
      }}
    />
  );
}

function comboboxProps({ listId, activeId }: { listId: string; activeId: string | undefined }) {
  return {
    role: 'combobox',
    'aria-expanded': true,
    'aria-autocomplete': 'list',
    'aria-controls': listId,
    'aria-activedescendant': activeId,
  } as const;
}
