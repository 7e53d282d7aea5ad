import { Square } from 'lucide-react';
import { Button } from '../components/button.tsx';
import { formatDuration } from '../components/format.ts';
import { Progress } from '../components/progress.tsx';
import { useNow } from '../components/use-now.ts';
import { elapsedMs, stepsDone, type BuildView } from '../stores/build-view.ts';
import { useApp } from './context.tsx';

const tickMs = 500;

/** The build that runs: how far, how long, and the way to stop it. */
export function RunningBuild({ view }: { readonly view: BuildView }) {
  const { stores, navigate } = useApp();
  const now = useNow(tickMs);
  const { done, total } = stepsDone(view);
  const elapsed = elapsedMs(view, now);
  return (
    <div className="running-build" role="group" aria-label="Running build">
      <button
        type="button"
        className="running-build__state"
        data-tooltip="Show the build"
        onClick={() => navigate.showBuild(view.buildId)}
      >
        <span className="numeric">
          {total === 0 ? 'Preparing' : `Step ${Math.min(done + 1, total)} of ${total}`}
          <span className="muted"> · {elapsed < 1000 ? '0 s' : formatDuration(elapsed)}</span>
        </span>
        <Progress label="Steps done" current={done} total={total === 0 ? undefined : total} />
      </button>
      <Button
        icon={<Square aria-hidden="true" />}
        onClick={() => stores.commands.getState().run('build.cancel')}
      >
        Cancel
      </Button>
    </div>
  );
}
