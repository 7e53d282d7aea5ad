import { useState } from 'react';
import type { ProjectView, TemplateView } from '../../../shared/ipc/app-views.ts';
import { useApp } from '../../app/context.tsx';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { FailureView } from '../../components/failure-view.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { visible } from '../../components/visible.ts';
import { useTemplates } from './use-templates.ts';

/** For a folder without a Dockerfile: files to begin with. */
export function TemplateChooser({ project }: { readonly project: ProjectView }) {
  const { templates, retry } = useTemplates();
  switch (templates.kind) {
    case 'loading':
      return <Skeleton label="Looking for templates that fit" />;
    case 'failed':
      return (
        <FailureView
          title="The templates could not be listed"
          failure={templates.failure}
          onRetry={retry}
        />
      );
    case 'ready':
      return (
        <div className="templates">
          <h2>There is no Dockerfile in {visible(project.name)} yet</h2>
          <p className="muted">Begin with one of these. It is yours to change.</p>
          <ul className="templates__list">
            {inOrder(templates.value).map(template => (
              <TemplateCard key={template.template} template={template} />
            ))}
          </ul>
        </div>
      );
  }
}

/** What fits the folder comes first. */
function inOrder(templates: readonly TemplateView[]): readonly TemplateView[] {
  return templates.toSorted(
    (a, b) => Number(a.detected === undefined) - Number(b.detected === undefined),
  );
}

function TemplateCard({ template }: { readonly template: TemplateView }) {
  const { stores } = useApp();
  const [busy, setBusy] = useState(false);
  const { title, description, detected } = template;
  const apply = async () => {
    setBusy(true);
    try {
      await stores.project.getState().applyTemplate(template.template);
    } catch (error) {
      stores.notices.getState().tellError(error, `Use ${title}`);
      setBusy(false);
    }
  };
  return (
    <li className="templates__card">
      <h3>
        {title}
        {detected !== undefined && <Badge tone="ok">fits this folder</Badge>}
      </h3>
      <p className="muted">{description}</p>
      {detected !== undefined && <p className="templates__reason">{visible(detected)}</p>}
      <Button
        variant={detected === undefined ? 'secondary' : 'primary'}
        busy={busy}
        aria-label={`Use ${title}`}
        onClick={() => void apply()}
      >
        Use this
      </Button>
    </li>
  );
}
