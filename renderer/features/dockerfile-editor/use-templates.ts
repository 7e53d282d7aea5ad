import { useEffect, useState } from 'react';
import type { TemplateView } from '../../../shared/ipc/app-views.ts';
import { useApp } from '../../app/context.tsx';
import { loading, settled, type Loadable } from '../../stores/loadable.ts';

/** The templates for the folder that is open. */
export function useTemplates(): {
  readonly templates: Loadable<readonly TemplateView[]>;
  readonly retry: () => void;
} {
  const { api } = useApp();
  const [templates, setTemplates] = useState<Loadable<readonly TemplateView[]>>(loading);
  useEffect(() => {
    const controller = new AbortController();
    void settled(api.request('project.templates', {}, controller.signal)).then(answer => {
      if (!controller.signal.aborted) setTemplates(answer);
    });
    return () => controller.abort();
  }, [api]);
  const retry = () => {
    setTemplates(loading);
    void settled(api.request('project.templates', {})).then(setTemplates);
  };
  return { templates, retry };
}
