import { keyCaps, type Keys } from './keys.ts';
import './kbd.css';

export interface KbdProps {
  readonly keys: Keys;
  readonly isMac: boolean;
  /** Says nothing to assistive technology: for a control that tells its keys by `aria-keyshortcuts`. */
  readonly silent?: boolean;
}

/** Draws a key combination. */
export function Kbd({ keys, isMac, silent }: KbdProps) {
  return (
    <span className="kbd" aria-hidden={silent}>
      {keyCaps(keys, isMac).map(cap => (
        <kbd key={cap}>{cap}</kbd>
      ))}
    </span>
  );
}
