import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { classNames } from './class-names.ts';
import './button.css';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly variant?: 'primary' | 'secondary' | 'quiet' | 'danger';
  readonly size?: 'small' | 'medium';
  readonly icon?: ReactNode;
  /** Shows that the action is under way; further clicks do nothing. */
  readonly busy?: boolean;
  readonly ref?: React.Ref<HTMLButtonElement>;
}

/** A button with words. */
export function Button(props: ButtonProps) {
  const {
    variant = 'secondary',
    size = 'medium',
    icon,
    busy,
    className,
    children,
    ...rest
  } = props;
  return (
    <button
      type="button"
      {...rest}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      onClick={busy ? undefined : rest.onClick}
      className={classNames('button', `button--${variant}`, `button--${size}`, className)}
    >
      {busy ? <span className="button__spinner" aria-hidden="true" /> : icon}
      {children !== undefined && <span className="button__label">{children}</span>}
    </button>
  );
}

export interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'children'> {
  /** What it does: its name for assistive technology, and its tooltip. */
  readonly label: string;
  readonly icon: ReactNode;
  /** A key combination to show in the tooltip. */
  readonly keysHint?: string;
  readonly size?: 'small' | 'medium';
  readonly ref?: React.Ref<HTMLButtonElement>;
}

/** A button with a picture only; its label shows as a tooltip. */
export function IconButton(props: IconButtonProps) {
  const { label, icon, keysHint, size = 'medium', className, ...rest } = props;
  return (
    <button
      type="button"
      aria-label={label}
      data-tooltip={keysHint === undefined ? label : `${label} (${keysHint})`}
      {...rest}
      className={classNames('icon-button', `icon-button--${size}`, className)}
    >
      {icon}
    </button>
  );
}
