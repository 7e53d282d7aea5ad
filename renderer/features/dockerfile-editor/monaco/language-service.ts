import { DockerfileLanguageServiceFactory } from 'dockerfile-language-service';
import type { Fix } from '../../../../shared/dockerfile/finding.ts';
import type { ServiceDiagnostic } from '../language/diagnostics.ts';

const service = DockerfileLanguageServiceFactory.createLanguageService();

/** What the language service finds wrong. A text that it cannot cope with has nothing wrong in its eyes. */
export function serviceDiagnostics(text: string): readonly ServiceDiagnostic[] {
  try {
    return service.validate(text);
  } catch {
    return [];
  }
}

/** Edits that indent continued lines alike. */
export function formatEdits(
  text: string,
  { tabSize, insertSpaces }: { readonly tabSize: number; readonly insertSpaces: boolean },
): Fix['edits'] {
  return service.format(text, { tabSize, insertSpaces });
}
