import { Suspense, useState } from 'react';
import { useStore } from 'zustand';
import { Skeleton } from '../components/skeleton.tsx';
import { TooltipHost } from '../components/tooltip-host.tsx';
import type { SurfaceName } from '../stores/ui.ts';
import { useApp, type Surfaces } from './context.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { NoticeRegion } from './notice-region.tsx';
import { Overlays } from './overlays.tsx';
import { ProjectBar } from './project-bar.tsx';
import { Rail } from './rail.tsx';
import { StatusBar } from './status-bar.tsx';
import { SurfaceBoundary } from './surface-boundary.tsx';
import { surfaceEntries, type SurfaceEntry } from './surfaces.ts';
import './frame.css';

/** The window: bar, rail, the surface in view, status. */
export function Frame({ surfaces }: { readonly surfaces: Surfaces }) {
  return (
    <div className="frame">
      <a className="skip-link" href="#surface">
        Skip to the content
      </a>
      <ProjectBar />
      <Rail />
      <main className="frame__main" id="surface" tabIndex={-1}>
        <ConnectionBanner />
        <SurfaceStack surfaces={surfaces} />
      </main>
      <StatusBar />
      <NoticeRegion />
      <Overlays />
      <TooltipHost />
    </div>
  );
}

/** Keeps each surface that was shown, so that going back to it costs nothing and loses nothing. */
function SurfaceStack({ surfaces }: { readonly surfaces: Surfaces }) {
  const { stores } = useApp();
  const current = useStore(stores.ui, ui => ui.surface);
  const [shown, setShown] = useState<ReadonlySet<SurfaceName>>(new Set());
  if (!shown.has(current)) setShown(new Set(shown).add(current));
  return surfaceEntries
    .filter(({ surface }) => shown.has(surface))
    .map(entry => (
      <SurfaceSlot
        key={entry.surface}
        entry={entry}
        surfaces={surfaces}
        active={entry.surface === current}
      />
    ));
}

interface SurfaceSlotProps {
  readonly entry: SurfaceEntry;
  readonly surfaces: Surfaces;
  readonly active: boolean;
}

function SurfaceSlot({ entry, surfaces, active }: SurfaceSlotProps) {
  const Surface = surfaces[entry.surface];
  return (
    <section
      className="frame__surface"
      data-surface={entry.surface}
      aria-label={entry.title}
      hidden={!active}
    >
      <h1 className="visually-hidden">{entry.title}</h1>
      <SurfaceBoundary title={entry.title}>
        <Suspense fallback={<Skeleton label={`Loading ${entry.title}`} />}>
          <Surface active={active} />
        </Suspense>
      </SurfaceBoundary>
    </section>
  );
}
