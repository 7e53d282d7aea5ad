import { useState } from 'react';
import {
  windowsChoices,
  type ProjectView,
  type TemplateView,
  type WindowsChoice,
} from '../../../shared/ipc/app-views.ts';
import { useApp } from '../../app/context.tsx';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { FailureView } from '../../components/failure-view.tsx';
import { Select } from '../../components/select.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { visible } from '../../components/visible.ts';
import { useTemplates } from './use-templates.ts';

/** For a folder without a Dockerfile: files to begin with. */
export function TemplateChooser({ project }: { readonly project: ProjectView }) {
  const { templates, retry } = useTemplates();
  const [windows, setWindows] = useState<WindowsChoice>('ltsc2022');
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
          <p className="muted">
            Begin with one of these: it gets a Dockerfile and a .dockerignore that are yours to
            change.
          </p>
          <Select
            label="Windows of the base images"
            className="templates__windows"
            value={windows}
            options={windowsOptions}
            onValueChange={setWindows}
          />
          <ul className="templates__list">
            {inOrder(templates.value).map((template, index) => (
              <TemplateCard
                key={template.template}
                template={template}
                windows={windows}
                isFirst={index === 0}
              />
            ))}
          </ul>
        </div>
      );
  }
}

const windowsNames = {
  ltsc2022: 'Windows Server 2022 (hosts of 2022 and 2025)',
  ltsc2025: 'Windows Server 2025 (hosts of 2025)',
} as const;
const windowsOptions = windowsChoices.map(value => ({ value, label: windowsNames[value] }));

/** What fits the folder comes first. */
function inOrder(templates: readonly TemplateView[]): readonly TemplateView[] {
  return templates.toSorted(
    (a, b) => Number(a.detected === undefined) - Number(b.detected === undefined),
  );
}

interface TemplateCardProps {
  readonly template: TemplateView;
  readonly windows: WindowsChoice;
  readonly isFirst: boolean;
}

function TemplateCard({ template, windows, isFirst }: TemplateCardProps) {
  const { stores } = useApp();
  const [busy, setBusy] = useState(false);
  const { title, description, detected, needsRun, found = [] } = template;
  const apply = async () => {
    setBusy(true);
    try {
      await stores.project.getState().applyTemplate(template.template, windows);
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
        <Badge outline>{needsRun ? 'RUN: builds on Windows' : 'builds on any system'}</Badge>
      </h3>
      <p className="muted">{description}</p>
      {detected !== undefined && (
        <div className="templates__reason">
          <p>Because of {visible(detected)}:</p>
          <ul>
            {found.map(sentence => (
              <li key={sentence}>{visible(sentence)}</li>
            ))}
          </ul>
        </div>
      )}
      <Button
        variant={isFirst && detected !== undefined ? 'primary' : 'secondary'}
        busy={busy}
        aria-label={`Use this: ${title}`}
        onClick={() => void apply()}
      >
        Use this
      </Button>
    </li>
  );
}
