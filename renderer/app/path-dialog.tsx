import { useId, useState } from 'react';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { TextField } from '../components/text-field.tsx';
import type { PathQuestion } from '../stores/path-questions.ts';
import { useApp } from './context.tsx';

const labels = {
  openFolder: 'Folder',
  openFile: 'File',
  saveFile: 'Save as',
} as const;

/** Asks for a path where the host has no dialogs of its own, as in a browser: the path is one of the host. */
export function PathDialog({ question }: { readonly question: PathQuestion }) {
  const { stores } = useApp();
  const [path, setPath] = useState('');
  const formId = useId();
  const { answer } = stores.pathQuestions.getState();
  const example =
    question.kind === 'saveFile' ? `/home/me/${question.suggestedName ?? 'image'}` : '/home/me/app';
  return (
    <Dialog
      title={question.title}
      onClose={() => answer(undefined)}
      actions={
        <>
          <Button onClick={() => answer(undefined)}>Cancel</Button>
          <Button variant="primary" type="submit" form={formId} disabled={path.trim() === ''}>
            {question.kind === 'saveFile' ? 'Save' : 'Open'}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        onSubmit={event => {
          event.preventDefault();
          answer(path.trim());
        }}
      >
        <TextField
          label={labels[question.kind]}
          mono
          placeholder={example}
          hint="The whole path, on the machine where Layerwright runs."
          value={path}
          onValueChange={setPath}
        />
      </form>
    </Dialog>
  );
}
