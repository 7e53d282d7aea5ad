import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { visible } from '../components/visible.ts';
import { useApp } from './context.tsx';

/** Asks which text is to stay, when another program changed the file that is to be saved. */
export function ConflictDialog({ file }: { readonly file: string }) {
  const { stores } = useApp();
  const resolve = (keep: 'draft' | 'disk' | 'both') => {
    stores.project
      .getState()
      .resolveConflict(keep)
      .catch((error: unknown) => stores.notices.getState().tellError(error, 'Save'));
  };
  return (
    <Dialog
      title="The file was changed by another program"
      onClose={() => resolve('both')}
      actions={
        <>
          <Button onClick={() => resolve('both')}>Decide later</Button>
          <Button onClick={() => resolve('disk')}>Load from disk</Button>
          <Button variant="danger" onClick={() => resolve('draft')}>
            Overwrite
          </Button>
        </>
      }
    >
      <p>
        <code>{visible(file)}</code> is not what you opened any more. Your text was not saved.
      </p>
      <p className="muted">
        Load from disk throws your text away; Overwrite throws away what the other program wrote.
      </p>
    </Dialog>
  );
}
