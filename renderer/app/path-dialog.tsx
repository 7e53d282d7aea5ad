import { useState } from 'react';
import { FormDialog } from '../components/form-dialog.tsx';
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
  const { answer } = stores.pathQuestions.getState();
  const example =
    question.kind === 'saveFile' ? `/home/me/${question.suggestedName ?? 'image'}` : '/home/me/app';
  return (
    <FormDialog
      title={question.title}
      submitLabel={question.kind === 'saveFile' ? 'Save' : 'Open'}
      ready={path.trim() !== ''}
      onSubmit={() => answer(path.trim())}
      onClose={() => answer(undefined)}
    >
      <TextField
        label={labels[question.kind]}
        mono
        placeholder={example}
        hint="The whole path, on the machine where Layerwright runs."
        value={path}
        onValueChange={setPath}
      />
    </FormDialog>
  );
}
