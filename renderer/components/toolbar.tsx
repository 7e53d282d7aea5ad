import { useLayoutEffect, useRef, type ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { moveFocus } from './roving.ts';
import './toolbar.css';

const controls = 'button:not(:disabled)';

export interface ToolbarProps {
  readonly label: string;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A row of buttons that is one stop for Tab; arrows go along it (WAI-ARIA "Toolbar"). Fields in it keep their own stop. */
export function Toolbar({ label, className, children }: ToolbarProps) {
  const bar = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const buttons = bar.current?.querySelectorAll<HTMLElement>(controls) ?? [];
    const stop = [...buttons].find(button => button.tabIndex === 0) ?? buttons[0];
    for (const button of buttons) button.tabIndex = button === stop ? 0 : -1;
  });
  return (
    <div
      ref={bar}
      role="toolbar"
      tabIndex={-1}
      aria-label={label}
      className={classNames('toolbar', className)}
      onKeyDown={event => {
        const target = moveFocus(event, controls, 'horizontal');
        if (target === undefined) return;
        for (const button of event.currentTarget.querySelectorAll<HTMLElement>(controls)) {
          button.tabIndex = button === target ? 0 : -1;
        }
      }}
    >
      {children}
    </div>
  );
}

/** Pushes what follows to the far end of a toolbar. */
export function ToolbarSpacer() {
  return <span className="toolbar__spacer" />;
}
