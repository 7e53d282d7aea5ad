import { X } from 'lucide-react';
import { useEffect, useId, useRef, type ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { Button, IconButton } from './button.tsx';
import './dialog.css';

/** Where one wants to begin: at a field, else at the first answer, which is the harmless one. */
const firstStop =
  '.dialog__body :is(input, select, textarea), .dialog:not(:has(.dialog__body :is(input, select, textarea))) .dialog__foot button';

export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Buttons at the foot, the main one last. */
  readonly actions?: ReactNode;
  readonly width?: 'small' | 'medium' | 'large';
  /** Leaves the title to assistive technology, for a dialog that explains itself. */
  readonly hideTitle?: boolean;
  readonly className?: string;
}

/** A modal dialog over the browser's own <dialog>: it keeps the focus inside and gives it back when it closes. */
export function Dialog(props: DialogProps) {
  const { title, onClose, children, actions, width = 'small', hideTitle, className } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    element?.querySelector<HTMLElement>(firstStop)?.focus();
    return () => {
      element?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions -- a click on the backdrop closes; the keyboard has Escape
    <dialog
      ref={dialog}
      aria-labelledby={id}
      className={classNames('dialog', `dialog--${width}`, className)}
      onCancel={event => {
        event.preventDefault();
        onClose();
      }}
      // A browser may close it without asking first, when Escape is pressed twice and nothing in between.
      onClose={event =>
        event.target === event.currentTarget && !event.currentTarget.open && onClose()
      }
      onMouseDown={event => event.target === event.currentTarget && onClose()}
    >
      <div className="dialog__frame">
        <header className={hideTitle ? 'visually-hidden' : 'dialog__head'}>
          <h2 id={id}>{title}</h2>
          {!hideTitle && (
            <IconButton
              size="small"
              label="Close"
              icon={<X aria-hidden="true" />}
              onClick={onClose}
            />
          )}
        </header>
        <div className="dialog__body">{children}</div>
        {actions !== undefined && <footer className="dialog__foot">{actions}</footer>}
      </div>
    </dialog>
  );
}

export interface ConfirmDialogProps {
  readonly title: string;
  readonly confirmLabel: string;
  readonly danger?: boolean;
  readonly busy?: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Asks before something that cannot be undone. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, confirmLabel, danger, busy = false, onConfirm, onClose, children } = props;
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant={danger ? 'danger' : 'primary'} busy={busy} onClick={onConfirm}>
            {confirmLabel}
          </Button>
        </>
      }
    >
      {children}
    </Dialog>
  );
}
