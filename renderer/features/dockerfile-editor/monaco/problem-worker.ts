import { parseDockerfile } from '../../../../shared/dockerfile/parse.ts';
import type { Problem } from '../language/diagnostics.ts';

/** Reads a large Dockerfile aside: at 10 MB that takes seconds, in which the page must not stand still. */
addEventListener('message', ({ data }: MessageEvent<string>) => {
  const problems = parseDockerfile(data).findings.map(
    ({ severity, range, rule, message, fix }): Problem => ({
      severity,
      range: { start: { ...range.start }, end: { ...range.end } },
      rule,
      message,
      fixes: fix === undefined ? [] : [fix],
    }),
  );
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has none
  postMessage(problems);
});
