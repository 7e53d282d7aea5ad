import { Blocks } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { useApp } from '../../app/context.tsx';

export function Surface() {
  const { stores } = useApp();
  return (
    <EmptyState
      icon={<Blocks aria-hidden="true" />}
      title="No base images yet"
      actions={
        <Button
          variant="primary"
          onClick={() => stores.commands.getState().run('images.makeSamples')}
        >
          Make the sample base images
        </Button>
      }
    >
      <p>Sample base images have the true form of Windows images, and work without a network.</p>
    </EmptyState>
  );
}
