import { describe, expect, test } from 'vitest';
import { topLayer } from '../../build.ts';
import { dockerfile, hcsBench, said } from './hcs-bench.ts';

describe('RUN', () => {
  test('changes files, and its output is in the log as it comes', async () => {
    await using at = await hcsBench({
      Dockerfile: dockerfile('RUN echo hello> C:\\greeting.txt && echo done'),
    });
    const t0 = Date.now();
    const result = await at.build();
    console.log(
      'build',
      Date.now() - t0,
      JSON.stringify(at.events.filter(e => e.kind === 'step-finished')),
    );
    console.log(said(at.events, 'note'));
    console.log(at.doubles.counters());
    console.log(at.doubles.calls().length);
    expect(await topLayer(at.store, result)).toEqual([]);
    expect(said(at.events, 'stdout')).toEqual(['done']);
    expect(at.doubles.counters()).toEqual({});
  });
});
