import { describe, expect, it } from 'vitest';
import { eventsOfResult } from '../../../../electron/engine/win32/result-document.ts';

describe('the result document of a failure', () => {
  it('gives its message and the messages of its events, each once and on one line', () => {
    const document = JSON.stringify({
      Error: -2_143_878_131,
      ErrorMessage: 'The virtual machine could not be started.',
      ErrorEvents: [
        { Message: 'The virtual machine could not be started.', Provider: '{x}' },
        { Message: 'Not enough\r\n memory.', EventId: 12_030 },
        { Provider: 'says nothing' },
        'no object',
      ],
    });
    expect(eventsOfResult(document)).toEqual([
      'The virtual machine could not be started.',
      'Not enough memory.',
    ]);
  });

  it('gives what HNS says', () => {
    expect(
      eventsOfResult('{"Error":"The endpoint was not found.","ErrorCode":2151350274}'),
    ).toEqual(['The endpoint was not found.']);
  });

  it('is bounded, however much the service says', () => {
    const ErrorEvents = Array.from({ length: 50 }, (_, n) => ({ Message: `${n} `.repeat(1000) }));
    const events = eventsOfResult(JSON.stringify({ ErrorEvents }));
    expect(events).toHaveLength(5);
    expect(Math.max(...events.map(({ length }) => length))).toBe(500);
  });

  it.each(['', 'null', '[]', '{', '"text"', '{"ErrorEvents":{}}'])(
    'says nothing in %j',
    document => {
      expect(eventsOfResult(document)).toEqual([]);
    },
  );
});
