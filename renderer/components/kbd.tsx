import { keyCaps, type Keys } from './keys.ts';
import './kbd.css';

/** Draws a key combination. */
export function Kbd({ keys, isMac }: { readonly keys: Keys; readonly isMac: boolean }) {
  return (
    <span className="kbd">
      {keyCaps(keys, isMac).map(cap => (
        <kbd key={cap}>{cap}</kbd>
      ))}
    </span>
  );
}
