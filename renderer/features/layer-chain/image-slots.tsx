import { GitCompare, Plus, Table2, Workflow, X } from 'lucide-react';
import type { ImageSummary } from '../../../shared/ipc/image-views.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { Select } from '../../components/select.tsx';
import { choiceOf, shortReference } from './chain-words.ts';
import { mostImages } from './selection.ts';
import type { ChainState } from './use-chain-state.ts';

interface ImageSlotsProps {
  readonly images: readonly ImageSummary[];
  readonly references: readonly string[];
  readonly state: ChainState;
}

/** Which images are shown, and how. */
export function ImageSlots({ images, references, state }: ImageSlotsProps) {
  const next = images.find(({ reference }) => !references.includes(reference));
  const without = (gone: string) => references.filter(reference => reference !== gone);
  return (
    <header className="surface-head">
      <h2>Layer chain</h2>
      {references.map((reference, slot) => (
        <span key={slot} className="chain-slot">
          <Select
            label={references.length > 1 ? `Image ${slot + 1}` : 'Image'}
            hideLabel
            value={reference}
            options={images
              .filter(
                image => image.reference === reference || !references.includes(image.reference),
              )
              .map(image => ({ value: image.reference, label: choiceOf(image.reference) }))}
            onValueChange={chosen => state.setChosen(references.with(slot, chosen))}
          />
          {references.length > 1 && (
            <IconButton
              size="small"
              label={`Stop showing ${shortReference(reference)}`}
              icon={<X aria-hidden="true" />}
              onClick={() => state.setChosen(without(reference))}
            />
          )}
        </span>
      ))}
      {next !== undefined && references.length < mostImages && (
        <Button
          variant="quiet"
          icon={<Plus aria-hidden="true" />}
          onClick={() => state.setChosen([...references, next.reference])}
        >
          Add image
        </Button>
      )}
      <span className="surface-head__spacer" />
      <CompareImages images={images} references={references} state={state} />
      <FormToggle state={state} />
    </header>
  );
}

/** Compares all of the first two images: their uppermost layers. */
function CompareImages({ images, references, state }: ImageSlotsProps) {
  const [first, second] = references;
  if (first === undefined || second === undefined) return null;
  const top = (reference: string) => ({
    reference,
    layerIndex: (images.find(image => image.reference === reference)?.layers ?? 1) - 1,
  });
  return (
    <Button
      icon={<GitCompare aria-hidden="true" />}
      onClick={() => {
        state.select(top(second));
        state.compareWith(top(first));
      }}
    >
      Compare images
    </Button>
  );
}

function FormToggle({ state }: { readonly state: ChainState }) {
  const forms = [
    { form: 'picture', label: 'Picture', icon: <Workflow aria-hidden="true" /> },
    { form: 'table', label: 'Table', icon: <Table2 aria-hidden="true" /> },
  ] as const;
  return (
    <div role="group" aria-label="Show the chain as" className="segments">
      {forms.map(({ form, label, icon }) => (
        <button
          key={form}
          type="button"
          className="segments__item"
          aria-pressed={state.form === form}
          onClick={() => state.setForm(form)}
        >
          {icon}
          {label}
        </button>
      ))}
    </div>
  );
}
