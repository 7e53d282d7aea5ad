import { useStore } from 'zustand';
import { Dialog } from '../components/dialog.tsx';
import { Kbd } from '../components/kbd.tsx';
import { useApp } from './context.tsx';
import './shortcut-sheet.css';

/** All keys there are, from the list of commands itself. */
export function ShortcutSheet({ onClose }: { readonly onClose: () => void }) {
  const { stores, isMac } = useApp();
  const byName = useStore(stores.commands, commands => commands.byName);
  const withKeys = [...byName.values()].filter(({ keys }) => keys !== undefined);
  const groups = Map.groupBy(withKeys, ({ group }) => group);
  return (
    <Dialog title="Keyboard shortcuts" width="large" onClose={onClose}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it is longer than a small window, and scrolls by keys */}
      <div className="shortcuts" role="group" aria-label="Shortcuts by place" tabIndex={0}>
        {[...groups].map(([group, commands]) => (
          <section key={group} className="shortcuts__group">
            <h3>{group}</h3>
            <dl>
              {commands.map(({ command, title, keys = [] }) => (
                <div key={command} className="shortcuts__row">
                  <dt>{title}</dt>
                  <dd>
                    {keys.map(combination => (
                      <Kbd key={combination} keys={combination} isMac={isMac} />
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <section className="shortcuts__group">
          <h3>Everywhere</h3>
          <dl>
            {everywhere.map(([title, keys]) => (
              <div key={title} className="shortcuts__row">
                <dt>{title}</dt>
                <dd>
                  {keys.map(key => (
                    <Kbd key={key} keys={key} isMac={isMac} />
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
    </Dialog>
  );
}

const everywhere: readonly (readonly [string, readonly string[]])[] = [
  ['Next or previous part of the window', ['Tab', 'Shift+Tab']],
  ['Along a list, tree, toolbar or the rail', ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight']],
  ['First or last of a list, or of the log', ['Home', 'End']],
  ['Open what is chosen', ['Enter']],
  ['Actions for what is chosen', ['Shift+F10']],
  ['Select several lines of the log', ['Shift+ArrowUp', 'Shift+ArrowDown']],
  ['Copy the selected lines of the log', ['Mod+C']],
  ['Delete the chosen build', ['Delete']],
  ['Close a dialog or menu, empty a filter', ['Escape']],
];
