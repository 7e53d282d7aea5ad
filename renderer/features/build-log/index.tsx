import { Hammer } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { useApp } from '../../app/context.tsx';

export function Surface() {
  const { stores } = useApp();
  return (
    <EmptyState
      icon={<Hammer aria-hidden="true" />}
      title="No build yet"
      actions={
        <Button variant="primary" onClick={() => stores.commands.getState().run('build.start')}>
          Build image
        </Button>
      }
    >
      <p>Build the open project to see its steps and its log here.</p>
    </EmptyState>
  );
}
