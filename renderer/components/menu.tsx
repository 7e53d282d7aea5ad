import { Check } from 'lucide-react';
import { useCallback, useEffect, useId, useRef, useState, type ReactNode } from 'react';
import { Button, type ButtonProps } from './button.tsx';
import { classNames } from './class-names.ts';
import { moveFocus } from './roving.ts';
import './menu.css';

export type MenuItem =
  | {
      readonly kind: 'action';
      readonly label: string;
      readonly icon?: ReactNode;
      readonly hint?: string;
      readonly danger?: boolean;
      readonly disabled?: boolean;
      /** Makes it one of a choice, with a mark at the chosen one. */
      readonly checked?: boolean;
      readonly onSelect: () => void;
    }
  | { readonly kind: 'heading'; readonly label: string }
  | { readonly kind: 'separator' };

/** Where a menu opens, in px of the window. */
export interface MenuPlace {
  readonly x: number;
  readonly y: number;
}

interface MenuProps {
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly place: MenuPlace;
  readonly onClose: () => void;
}

const enabledItems = '[role^=menuitem]:not(:disabled)';

/** An open menu in the top layer. Escape, Tab or a click elsewhere closes it, and the focus goes back. */
function Menu({ label, items, place, onClose }: MenuProps) {
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = menu.current;
    const before = document.activeElement;
    element?.showPopover();
    if (element) keepInWindow(element, place);
    element?.querySelector<HTMLElement>(enabledItems)?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, [place]);
  return (
    <div
      ref={menu}
      role="menu"
      tabIndex={-1}
      aria-label={label}
      popover="auto"
      className="menu"
      onToggle={event => event.newState === 'closed' && onClose()}
      onKeyDown={event => {
        event.stopPropagation();
        if (event.key === 'Tab') onClose();
        else moveFocus(event, enabledItems, 'vertical');
      }}
    >
      {items.map((item, index) => (
        <MenuRow key={index} item={item} onClose={onClose} />
      ))}
    </div>
  );
}

function MenuRow({ item, onClose }: { item: MenuItem; onClose: () => void }) {
  if (item.kind === 'separator') return <hr className="menu__separator" />;
  if (item.kind === 'heading') {
    return (
      <div role="presentation" className="menu__heading">
        {item.label}
      </div>
    );
  }
  return (
    <button
      type="button"
      role={item.checked === undefined ? 'menuitem' : 'menuitemradio'}
      aria-checked={item.checked}
      tabIndex={-1}
      disabled={item.disabled}
      className={classNames('menu__item', item.danger && 'menu__item--danger')}
      onPointerMove={event => event.currentTarget.focus()}
      onClick={() => {
        onClose();
        item.onSelect();
      }}
    >
      <span className="menu__icon">{item.checked ? <Check aria-hidden="true" /> : item.icon}</span>
      <span className="menu__label truncate">{item.label}</span>
      {item.hint !== undefined && <span className="menu__hint">{item.hint}</span>}
    </button>
  );
}

function keepInWindow(element: HTMLElement, place: MenuPlace): void {
  const gap = 4;
  const { width, height } = element.getBoundingClientRect();
  const left = Math.min(place.x, window.innerWidth - width - gap);
  const top = Math.min(place.y, window.innerHeight - height - gap);
  element.style.left = `${Math.max(gap, left)}px`;
  element.style.top = `${Math.max(gap, top)}px`;
}

export interface MenuButtonProps extends ButtonProps {
  /** The menu's name; the button's own words are its children. */
  readonly menuLabel: string;
  readonly items: readonly MenuItem[];
}

/** A button that opens a menu below itself. */
export function MenuButton({ menuLabel, items, ...button }: MenuButtonProps) {
  const [place, setPlace] = useState<MenuPlace>();
  const id = useId();
  const close = useCallback(() => setPlace(undefined), []);
  return (
    <>
      <Button
        {...button}
        id={id}
        aria-haspopup="menu"
        aria-expanded={place !== undefined}
        onClick={event => {
          const { left, bottom } = event.currentTarget.getBoundingClientRect();
          setPlace({ x: left, y: bottom + 4 });
        }}
        onKeyDown={event => {
          if (event.key === 'ArrowDown') event.currentTarget.click();
        }}
      />
      {place && <Menu label={menuLabel} items={items} place={place} onClose={close} />}
    </>
  );
}

/** A context menu: `open(event, items)` shows it at the pointer, or at the element for the keyboard; draw `menu` somewhere. */
export function useContextMenu(label: string): {
  readonly menu: ReactNode;
  readonly open: (event: React.SyntheticEvent<HTMLElement>, items: readonly MenuItem[]) => void;
} {
  const [shown, setShown] = useState<{ place: MenuPlace; items: readonly MenuItem[] }>();
  const close = useCallback(() => setShown(undefined), []);
  const open = useCallback(
    (event: React.SyntheticEvent<HTMLElement>, items: readonly MenuItem[]) => {
      event.preventDefault();
      setShown({ place: placeOf(event), items });
    },
    [],
  );
  const menu = shown && (
    <Menu label={label} items={shown.items} place={shown.place} onClose={close} />
  );
  return { menu, open };
}

function placeOf(event: React.SyntheticEvent<HTMLElement>): MenuPlace {
  const { nativeEvent } = event;
  if (nativeEvent instanceof MouseEvent && nativeEvent.clientX > 0) {
    return { x: nativeEvent.clientX, y: nativeEvent.clientY };
  }
  const { left, bottom } = event.currentTarget.getBoundingClientRect();
  return { x: left + 16, y: bottom };
}
