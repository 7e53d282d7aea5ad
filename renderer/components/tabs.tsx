import { useId, type ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { moveFocus } from './roving.ts';
import './tabs.css';

export interface TabItem<V extends string> {
  readonly value: V;
  readonly label: string;
  readonly icon?: ReactNode;
  readonly badge?: ReactNode;
}

export interface TabsProps<V extends string> {
  readonly label: string;
  readonly items: readonly TabItem<V>[];
  readonly value: V;
  readonly onValueChange: (value: V) => void;
  /** Beside the tabs, at the far end. */
  readonly trailing?: ReactNode;
  /** The panel of the chosen tab. */
  readonly children: ReactNode;
  readonly className?: string;
}

/** Tabs with their panel; arrows choose (WAI-ARIA "Tabs", automatic activation). */
export function Tabs<V extends string>(props: TabsProps<V>) {
  const { label, items, value, onValueChange, trailing, children, className } = props;
  const id = useId();
  return (
    <div className={classNames('tabs', className)}>
      <div className="tabs__bar">
        <div
          role="tablist"
          tabIndex={-1}
          aria-label={label}
          className="tabs__list"
          onKeyDown={event => moveFocus(event, '[role=tab]', 'horizontal')?.click()}
        >
          {items.map(item => (
            <button
              key={item.value}
              type="button"
              role="tab"
              id={`${id}-${item.value}`}
              aria-selected={item.value === value}
              aria-controls={`${id}-panel`}
              tabIndex={item.value === value ? 0 : -1}
              className="tabs__tab"
              onClick={() => onValueChange(item.value)}
            >
              {item.icon}
              {item.label}
              {item.badge}
            </button>
          ))}
        </div>
        {trailing !== undefined && <div className="tabs__trailing">{trailing}</div>}
      </div>
      <div
        role="tabpanel"
        id={`${id}-panel`}
        aria-labelledby={`${id}-${value}`}
        className="tabs__panel"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- WAI-ARIA: a panel that may hold nothing focusable takes the focus itself
        tabIndex={0}
      >
        {children}
      </div>
    </div>
  );
}
