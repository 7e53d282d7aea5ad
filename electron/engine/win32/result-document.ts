/** More than a few events only repeat each other. */
const mostEvents = 5;
const longestEvent = 500;

/**
 * What HCS or HNS says about a failure: the messages of a ResultError document (HCS schema reference: ErrorMessage,
 * ErrorEvents; HNS has Error). Whatever is not such a document says nothing.
 */
export function eventsOfResult(document: string): readonly string[] {
  const parsed = parse(document);
  if (typeof parsed !== 'object' || parsed === null) return [];
  const {
    ErrorEvents: events,
    ErrorMessage: message,
    Error: hnsError,
  } = parsed as Record<string, unknown>;
  const texts = [
    message,
    ...(Array.isArray(events) ? events : []).map((event: unknown) =>
      typeof event === 'object' && event !== null && 'Message' in event ? event.Message : undefined,
    ),
    hnsError,
  ];
  const said = texts
    .filter(text => typeof text === 'string')
    .map(text => text.replaceAll(/\s+/g, ' ').trim().slice(0, longestEvent))
    .filter(text => text !== '');
  return [...new Set(said)].slice(0, mostEvents);
}

function parse(document: string): unknown {
  try {
    return JSON.parse(document) as unknown;
  } catch {
    return undefined;
  }
}
