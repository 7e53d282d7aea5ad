import { useId, type ReactNode } from 'react';
import { Button } from './button.tsx';
import { Dialog, type DialogProps } from './dialog.tsx';

export interface FormDialogProps extends Pick<DialogProps, 'title' | 'width' | 'onClose'> {
  readonly submitLabel: string;
  /** Whether what is filled in will do; until then nothing can be submitted. */
  readonly ready: boolean;
  readonly busy?: boolean;
  readonly onSubmit: () => void;
  /** The fields. */
  readonly children: ReactNode;
  readonly above?: ReactNode;
  readonly below?: ReactNode;
  /** Between Cancel and the button that submits. */
  readonly moreActions?: ReactNode;
}

/** A dialog with fields that Enter submits, or the main button at its foot. */
export function FormDialog(props: FormDialogProps) {
  const { title, width, onClose, submitLabel, ready, busy = false, onSubmit } = props;
  const formId = useId();
  return (
    <Dialog
      title={title}
      {...(width && { width })}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          {props.moreActions}
          <Button variant="primary" type="submit" form={formId} busy={busy} disabled={!ready}>
            {submitLabel}
          </Button>
        </>
      }
    >
      {props.above}
      <form
        id={formId}
        className="dialog__form"
        onSubmit={event => {
          event.preventDefault();
          if (ready) onSubmit();
        }}
      >
        {props.children}
      </form>
      {props.below}
    </Dialog>
  );
}
