import type { ReactNode } from 'react';

/** Text for assistive technology only. */
export function VisuallyHidden({ children }: { readonly children: ReactNode }) {
  return <span className="visually-hidden">{children}</span>;
}

/** Speaks its text when it changes: politely, or at once for what is wrong. */
export function LiveRegion(props: { readonly text: string; readonly urgent?: boolean }) {
  return (
    <div
      role={props.urgent ? 'alert' : 'status'}
      aria-live={props.urgent ? 'assertive' : 'polite'}
      className="visually-hidden"
    >
      {props.text}
    </div>
  );
}
