import { styleText } from 'node:util';
import { neutralized, withoutSequences } from '../text/neutralize.ts';
import { formatBytes, formatDuration } from '../text/units.ts';
import { displayWidth, fit, padded } from '../text/width.ts';
import type { LiveState, LiveStep } from './live-state.ts';
import { progressText } from './plain.ts';

/** Where and when the view is drawn. `now` is in ms since 1970. */
export interface Frame {
  readonly now: number;
  readonly columns: number;
  readonly rows: number;
}

const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/**
 * Draws the steps of a build as lines of at most `columns`, at most `rows - 1` of them: what runs and what
 * came last stays, the rest is counted. Everything that comes from outside is neutralised.
 */
export function drawLive(state: LiveState, frame: Frame): readonly string[] {
  const steps = [...state.steps.values()];
  const done = steps.filter(step => step.status.kind === 'done').length;
  const duration = formatDuration(frame.now - state.startedAt);
  const title = `Building ${duration} (${done}/${steps.length})`;
  const room = Math.max(1, frame.rows - 2);
  const shown = window(steps, room);
  const lines = shown.map(step => stepLine(step, frame));
  const hidden = steps.length - shown.length;
  const head = hidden === 0 ? title : `${title}, ${hidden} more steps not shown`;
  return [
    styleText('bold', fit(head, frame.columns), { validateStream: false }),
    ...lines,
    ...tailLines(shown, frame, room - lines.length),
  ];
}

/** What fits: steps that run or failed come first, then the ones that ended last, then those that wait. */
function window(steps: readonly LiveStep[], room: number): readonly LiveStep[] {
  if (steps.length <= room) return steps;
  const lastActive = steps.findLastIndex(step => step.status.kind !== 'waiting');
  const start = Math.max(0, Math.min(lastActive + 2 - room, steps.length - room));
  const near = steps.slice(start, start + room);
  const left = steps.slice(0, start).filter(step => step.status.kind === 'running');
  return [...left, ...near.slice(left.length)].slice(0, room);
}

function stepLine(step: LiveStep, frame: Frame): string {
  const { colour, mark, right } = appearance(step, frame);
  const room = frame.columns - displayWidth(right) - 5;
  const label = neutralized(step.label);
  if (room < 10) return paint(colour, fit(` ${mark} ${label}`, frame.columns));
  return paint(colour, ` ${mark} ${padded(fit(label, room), room)}  ${right}`);
}

type Colour = 'green' | 'cyan' | 'red' | 'dim' | 'reset';

function appearance(
  { status }: LiveStep,
  { columns, now }: Frame,
): { mark: string; right: string; colour: Colour } {
  switch (status.kind) {
    case 'waiting':
      return { mark: '·', right: '', colour: 'dim' };
    case 'failed':
      return { mark: '✘', right: 'FAILED', colour: 'red' };
    case 'done': {
      const duration = formatDuration(status.durationMs);
      return status.cached
        ? { mark: '✔', right: 'CACHED', colour: 'cyan' }
        : { mark: '✔', right: whyText(status.why, columns) + duration, colour: 'green' };
    }
    case 'running': {
      const mark = spinner[Math.floor(now / 100) % spinner.length] ?? '';
      const { progress, rate, startedAt } = status;
      const duration = formatDuration(now - startedAt);
      const speed = rate === undefined ? '' : ` ${formatBytes(rate)}/s`;
      const far = progress === undefined ? '' : `${neutralized(progressText(progress))}${speed} `;
      return { mark, right: fit(far, Math.floor(columns / 2)) + duration, colour: 'reset' };
    }
  }
}

/** At most a third of the line: what the step does comes first. */
function whyText(why: string | undefined, columns: number): string {
  return why === undefined ? '' : `${fit(neutralized(why), Math.floor(columns / 3))}  `;
}

/** The last words of the step that runs, as many as there is room for. */
function tailLines(
  steps: readonly LiveStep[],
  { columns }: Frame,
  room: number,
): readonly string[] {
  const talking = steps.findLast(step => step.status.kind === 'running' && step.tail.length > 0);
  if (talking === undefined || room <= 0) return [];
  return talking.tail
    .slice(-room)
    .map(line => paint('dim', fit(`   │ ${neutralized(withoutSequences(line))}`, columns)));
}

function paint(colour: Colour, text: string): string {
  return colour === 'reset' ? text : styleText(colour, text, { validateStream: false });
}
