import { DockerfileLanguageServiceFactory } from 'dockerfile-language-service';
import type { Fix } from '../../../../shared/dockerfile/finding.ts';
import type { ServiceDiagnostic } from '../language/diagnostics.ts';

const service = DockerfileLanguageServiceFactory.createLanguageService();

const encoder = new TextEncoder();

/**
 * dockerfile-ast asks Node's Buffer whether a text starts with a byte order mark. The stand-in is there for the
 * call only: Monaco would take it for the real one.
 */
function withBuffer<T>(call: () => T): T {
  const Buffer = { from: (text: string) => encoder.encode(text) };
  Object.defineProperty(globalThis, 'Buffer', { value: Buffer, configurable: true });
  try {
    return call();
  } finally {
    Reflect.deleteProperty(globalThis, 'Buffer');
  }
}

/** What the language service finds wrong. A text that it cannot cope with has nothing wrong in its eyes. */
export function serviceDiagnostics(text: string): readonly ServiceDiagnostic[] {
  try {
    return withBuffer(() => service.validate(text));
  } catch {
    return [];
  }
}

/** Edits that indent continued lines alike. */
export function formatEdits(
  text: string,
  { tabSize, insertSpaces }: { readonly tabSize: number; readonly insertSpaces: boolean },
): Fix['edits'] {
  return withBuffer(() => service.format(text, { tabSize, insertSpaces }));
}
