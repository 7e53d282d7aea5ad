import { useState } from 'react';
import { useStore } from 'zustand';
import type { BuildStatus } from '../../../shared/ipc/build-views.ts';
import { useApp } from '../../app/context.tsx';
import { useAction } from '../../app/context/use-action.ts';
import { useAnswer, useHeld } from '../../app/context/use-answers.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { FailureView } from '../../components/failure-view.tsx';
import { formatPlural } from '../../components/format.ts';
import { Select, type Option } from '../../components/select.tsx';
import { visible } from '../../components/visible.ts';
import { valueOr } from '../../stores/loadable.ts';
import { lastPart } from './build-words.ts';

const day = 86_400_000;

const ages: readonly Option<string>[] = [
  { value: '0', label: 'of any age' },
  { value: '1', label: 'older than a day' },
  { value: '7', label: 'older than a week' },
  { value: '30', label: 'older than 30 days' },
  { value: '180', label: 'older than 180 days' },
];

type Result = 'any' | 'bad';

const results: readonly Option<Result>[] = [
  { value: 'any', label: 'whatever came of them' },
  { value: 'bad', label: 'that did not succeed' },
];

const badOnes: readonly BuildStatus[] = ['failed', 'cancelled', 'interrupted'];
const ended: readonly BuildStatus[] = [...badOnes, 'succeeded'];

/** Deletes many builds; how many is said before. */
export function DeleteBuildsDialog({ onClose }: { readonly onClose: () => void }) {
  const { api, stores } = useApp();
  const contextDir = useStore(stores.builds, ({ filter }) => filter.contextDir);
  const [opened] = useState(Date.now);
  const [age, setAge] = useState('30');
  const [result, setResult] = useState<Result>('any');
  const { busy, failure, act } = useAction(onClose);
  const filter = {
    status: [...(result === 'bad' ? badOnes : ended)],
    ...(age === '0' ? {} : { to: opened - Number(age) * day }),
    ...(contextDir === undefined ? {} : { contextDir }),
  };
  const { answer } = useAnswer('build.list', { ...filter, limit: 1 });
  const total = valueOr(useHeld(answer), undefined)?.total;
  const remove = async (): Promise<void> => {
    const { deleted } = await api.request('history.deleteAll', filter);
    stores.notices
      .getState()
      .tell({ tone: 'ok', message: `Deleted ${formatPlural(deleted, 'build')}.` });
  };
  const place = contextDir === undefined ? 'of all folders' : `of ${visible(lastPart(contextDir))}`;
  return (
    <Dialog
      title={`Delete builds ${place}`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="danger"
            busy={busy}
            disabled={answer.kind !== 'ready' || total === undefined || total === 0}
            onClick={() => void act(remove)}
          >
            {total === undefined || total === 0
              ? 'Delete'
              : `Delete ${formatPlural(total, 'build')}`}
          </Button>
        </>
      }
    >
      <div className="dialog__form">
        <Select label="Builds" value={age} options={ages} onValueChange={setAge} />
        <Select label="and" value={result} options={results} onValueChange={setResult} />
      </div>
      {failure && <FailureView title="The builds could not be deleted" failure={failure} />}
      <p role="status">
        {total === undefined
          ? 'Counting…'
          : `${formatPlural(total, 'build')} with ${total === 1 ? 'its' : 'their'} log${total === 1 ? '' : 's'}. Images stay.`}
      </p>
    </Dialog>
  );
}
