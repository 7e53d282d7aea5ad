import { useState } from 'react';
import { useApp } from '../../app/context.tsx';
import { useAction } from '../../app/context/use-action.ts';
import { FailureView } from '../../components/failure-view.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { TextField } from '../../components/text-field.tsx';
import { visible } from '../../components/visible.ts';
import type { ImageSummary } from '../../../shared/ipc/image-views.ts';
import { composeProblems } from './compose-rows.ts';
import { platformOf } from './image-rows.ts';

interface ComposeDialogProps {
  readonly images: readonly ImageSummary[];
  readonly onClose: () => void;
  /** Asked to push the index that was made. */
  readonly onPush: (reference: string) => void;
}

/** Puts several Windows images under one name, so that one tag runs on every host. */
export function ComposeDialog({ images, onClose, onPush }: ComposeDialogProps) {
  const { api, stores } = useApp();
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [push, setPush] = useState(false);
  const { busy, failure, act } = useAction(onClose);
  const candidates = images.filter(
    ({ children, os }) => children === undefined && os === 'windows',
  );
  const picked = candidates.filter(({ reference }) => chosen.includes(reference));
  const problems = composeProblems(picked);
  const compose = async () => {
    const made = await api.request('index.compose', { name: name.trim(), images: [...chosen] });
    const message = `Made ${made.name} for ${made.platforms.join(', ')}.`;
    stores.notices.getState().tell({ tone: 'ok', message });
    if (push) onPush(made.name);
  };
  return (
    <FormDialog
      title="Compose an index"
      width="large"
      submitLabel="Make the index"
      ready={name.trim() !== '' && picked.length > 0 && problems.length === 0}
      busy={busy}
      onSubmit={() => void act(compose)}
      onClose={onClose}
      above={
        <p className="muted">
          One name for images of several Windows versions: each host takes the one that it can run.
          os.version and os.features come from the images themselves.
        </p>
      }
      below={failure && <FailureView title="The index was not made" failure={failure} />}
    >
      <TextField
        label="Name of the index"
        mono
        placeholder="registry.example.com/team/app:1.0"
        value={name}
        onValueChange={setName}
      />
      <ImageChecks
        legend="Images"
        images={candidates}
        chosen={chosen}
        onChosen={setChosen}
        none="The store has no Windows image yet. Build or pull some first."
      />
      <div className="compose__problems" role="status">
        {problems.map(problem => (
          <p key={problem}>{visible(problem)}</p>
        ))}
      </div>
      <label className="images__check">
        <input type="checkbox" checked={push} onChange={event => setPush(event.target.checked)} />
        <span>Push it afterwards; what would be sent is shown first</span>
      </label>
    </FormDialog>
  );
}

interface ImageChecksProps {
  readonly legend: string;
  readonly images: readonly ImageSummary[];
  readonly chosen: readonly string[];
  readonly onChosen: (references: readonly string[]) => void;
  /** Said where there are no images. */
  readonly none: string;
}

/** A box to tick for each image. */
export function ImageChecks({ legend, images, chosen, onChosen, none }: ImageChecksProps) {
  return (
    <fieldset className="images__choice">
      <legend className="field__label">{legend}</legend>
      <div className="images__checks">
        {images.length === 0 && <p className="muted">{none}</p>}
        {images.map(image => {
          const { reference } = image;
          const isChosen = chosen.includes(reference);
          return (
            <label key={reference} className="images__check">
              <input
                type="checkbox"
                checked={isChosen}
                onChange={() =>
                  onChosen(
                    isChosen ? chosen.filter(each => each !== reference) : [...chosen, reference],
                  )
                }
              />
              <span className="mono truncate">{visible(reference)}</span>
              <span className="muted truncate">{visible(platformOf(image))}</span>
            </label>
          );
        })}
      </div>
    </fieldset>
  );
}
