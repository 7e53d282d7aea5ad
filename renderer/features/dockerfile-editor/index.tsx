import { FileCode2 } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { useApp } from '../../app/context.tsx';

export function Surface() {
  const { stores } = useApp();
  return (
    <EmptyState
      icon={<FileCode2 aria-hidden="true" />}
      title="No folder is open"
      actions={
        <Button
          variant="primary"
          onClick={() => stores.commands.getState().run('project.openSample')}
        >
          Open the sample project
        </Button>
      }
    >
      <p>Open the folder that holds your Dockerfile, or the sample project to look around.</p>
    </EmptyState>
  );
}
