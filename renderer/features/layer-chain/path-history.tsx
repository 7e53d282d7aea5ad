import { FileCode } from 'lucide-react';
import type { PathChange } from '../../../shared/ipc/layer-views.ts';
import { useApp } from '../../app/context.tsx';
import { useAnswer } from '../../app/context/use-answers.ts';
import { Button } from '../../components/button.tsx';
import { formatBytes } from '../../components/format.ts';
import { visible } from '../../components/visible.ts';
import { Answered } from './answered.tsx';
import { ChangeMark } from './change-mark.tsx';
import { instructionText } from './chain-words.ts';
import type { Inspected } from './inspected.ts';
import { findLayer } from './selection.ts';

/** What each layer did to a path, base first, with the line of the Dockerfile that made the layer. */
export function PathHistoryView(props: Inspected & { readonly path: string }) {
  const { path, selected } = props;
  const { reference } = selected.at;
  const asked = useAnswer('layer.history', { reference, path }, selected.summary.manifestDigest);
  return (
    <Answered asked={asked} waiting="Reading the history" failed="The history could not be read">
      {({ changes }) =>
        changes.length === 0 ? (
          <p className="panel-note muted">No layer of this image has this path.</p>
        ) : (
          <ol className="entry__history" aria-label="Through the layers, base first">
            {changes.map(change => (
              <Step key={change.layerIndex} {...props} change={change} />
            ))}
          </ol>
        )
      }
    </Answered>
  );
}

function Step(props: Inspected & { readonly path: string; readonly change: PathChange }) {
  const { selected, layers, state, path, change } = props;
  const { navigate } = useApp();
  const at = { ...selected.at, layerIndex: change.layerIndex };
  const link = findLayer(layers, at)?.link;
  const line = link?.dockerfileLine;
  const isHere = change.layerIndex === selected.at.layerIndex;
  const place = { line: line ?? 0, character: 0 };
  return (
    <li className="entry__step-row">
      <button
        type="button"
        className="entry__step"
        aria-current={isHere ? 'step' : undefined}
        onClick={() => state.showFile(at, path)}
      >
        <span>Layer {change.layerIndex}</span>
        <ChangeMark change={change.change} />
        {change.change !== 'deleted' && <span className="muted">{formatBytes(change.size)}</span>}
        <code className="truncate muted">{link && instructionText(link.createdBy)}</code>
      </button>
      {line !== undefined && (
        <Button
          size="small"
          icon={<FileCode aria-hidden="true" />}
          onClick={() => navigate.openEditorAt({ start: place, end: place })}
        >
          Line {line + 1}
        </Button>
      )}
      {change.by !== 'entry' && <p className="entry__by muted">{byWords(change)}</p>}
      {change.contentHash !== undefined && (
        <p className="entry__by muted">
          content <code>{change.contentHash.slice(0, 12)}</code>
        </p>
      )}
    </li>
  );
}

function byWords({ by, at }: PathChange): string {
  const what = by === 'whiteout' ? 'deleted by the whiteout of' : 'lost where the layer replaced';
  return `${what} ${visible(at)}`;
}
