import { useStore } from 'zustand';
import { keyCaps } from '../components/keys.ts';
import { moveFocus } from '../components/roving.ts';
import { runningBuild } from '../stores/builds.ts';
import { useApp } from './context.tsx';
import { surfaceEntries, type SurfaceEntry } from './surfaces.ts';
import './rail.css';

/** The way from surface to surface: one stop for Tab, arrows go along it. */
export function Rail() {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the keys of the buttons in it
    <nav
      className="rail"
      aria-label="Surfaces"
      onKeyDown={event => moveFocus(event, 'button', 'vertical')}
    >
      <ul className="rail__list">
        {surfaceEntries.map((entry, index) => (
          <li key={entry.surface} className={`rail__slot rail__slot--${entry.surface}`}>
            <RailButton entry={entry} digit={index + 1} />
          </li>
        ))}
      </ul>
    </nav>
  );
}

function RailButton({ entry, digit }: { entry: SurfaceEntry; digit: number }) {
  const { stores, navigate, isMac } = useApp();
  const current = useStore(stores.ui, ui => ui.surface === entry.surface);
  const building = useStore(stores.builds, builds => runningBuild(builds) !== undefined);
  const busy = entry.surface === 'builds' && building;
  const Icon = entry.icon;
  return (
    <button
      type="button"
      className="rail__button"
      aria-current={current ? 'page' : undefined}
      tabIndex={current ? 0 : -1}
      data-tooltip={`${entry.purpose} (${keyCaps(`Mod+${digit}`, isMac).join('+')})`}
      onClick={() => navigate.show(entry.surface)}
    >
      <span className="rail__icon">
        <Icon aria-hidden="true" />
        {busy && <span className="rail__dot" />}
      </span>
      <span>{entry.title}</span>
      {busy && <span className="visually-hidden">, a build is running</span>}
    </button>
  );
}
