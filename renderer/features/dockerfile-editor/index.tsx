import { FileCode2 } from 'lucide-react';
import { useStore } from 'zustand';
import type { SurfaceProps } from '../../app/context.tsx';
import { useApp } from '../../app/context.tsx';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { FailureView } from '../../components/failure-view.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { TemplateChooser } from './template-chooser.tsx';
import { useEditorHost } from './use-editor-host.ts';
import { Workspace } from './workspace.tsx';
import './dockerfile-editor.css';

/** The files of the project as text. */
export function Surface({ active }: SurfaceProps) {
  const { stores } = useApp();
  const project = useStore(stores.project, state => state.project);
  const { host, retry } = useEditorHost();
  if (project.kind === 'loading') return <Skeleton label="Opening the folder" />;
  if (project.kind === 'failed') {
    return (
      <FailureView
        title="The folder could not be opened"
        failure={project.failure}
        onRetry={() => void stores.project.getState().load()}
      />
    );
  }
  if (project.value === undefined) return <NoFolder />;
  if (project.value.files.every(file => file.endsWith('.dockerignore')))
    return <TemplateChooser key={project.value.dir} project={project.value} />;
  switch (host.kind) {
    case 'loading':
      return <Skeleton label="Loading the editor" />;
    case 'failed':
      return (
        <FailureView
          title="The editor could not be loaded"
          failure={host.failure}
          onRetry={retry}
        />
      );
    case 'ready':
      return <Workspace host={host.value} files={project.value.files} active={active} />;
  }
}

function NoFolder() {
  const { stores } = useApp();
  const run = (command: string) => stores.commands.getState().run(command);
  return (
    <EmptyState
      icon={<FileCode2 aria-hidden="true" />}
      title="No folder is open"
      actions={
        <>
          <Button variant="primary" onClick={() => run('project.openFolder')}>
            Open a folder
          </Button>
          <Button onClick={() => run('project.openSample')}>Open the sample project</Button>
        </>
      }
    >
      <p>Open the folder that holds your Dockerfile, or the sample project to look around.</p>
    </EmptyState>
  );
}
