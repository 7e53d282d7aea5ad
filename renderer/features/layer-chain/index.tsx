import { Layers } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { useApp } from '../../app/context.tsx';

export function Surface() {
  const { stores } = useApp();
  return (
    <EmptyState
      icon={<Layers aria-hidden="true" />}
      title="No image chosen"
      actions={
        <Button variant="primary" onClick={() => stores.commands.getState().run('view.images')}>
          Choose an image
        </Button>
      }
    >
      <p>Choose an image to see its layers from the base up.</p>
    </EmptyState>
  );
}
