import { expect, test } from 'vitest';
import { dockerfile, hcsBench, said, scratchesLeft } from './hcs-bench.ts';

const accessDenied = 0x80070005;

test('whichever call of Windows fails in a RUN, everything is let go and the message names it', async () => {
  await using at = await hcsBench({ Dockerfile: dockerfile('RUN echo hello> C:\\f.txt') });
  const { doubles } = at;
  await at.build({ noCache: true });
  doubles.clearCalls();
  // The layers are on disk now, so these are the calls of the RUN alone.
  await at.build({ noCache: true });
  const called = new Set(doubles.calls().map(call => /^\w+/u.exec(call)?.[0] ?? ''));
  const releasing =
    /^(?:HcsClose|HcnClose|Close|LocalFree|CoTaskMem|GetLastError|HcsTerminate|HcsDestroy|HcnDelete|Unprepare|Deactivate|Destroy|GetOEMCP|Double|GetCurrentProcess|Backup)/u;
  // The double makes the pipes before this call gives them to us, so where it fails nobody can close them.
  const handsOver = 'HcsWaitForOperationResultAndProcessInfo';
  const tried = [...called].filter(api => !releasing.test(api) && api !== handsOver);
  expect(tried.length).toBeGreaterThan(10);
  const survived: string[] = [];
  for (const api of tried) {
    doubles.fail({ api, hresult: accessDenied });
    const outcome = await at.build({ noCache: true }).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (outcome === undefined) survived.push(api);
    else expect(JSON.stringify(outcome), api).toMatch(/step-failed/u);
    doubles.forgetFaults();
    const open = Object.entries(doubles.counters()).filter(([, count]) => count !== 0);
    expect(open, `after a failure of ${api}`).toEqual([]);
    expect(await scratchesLeft(at), `after a failure of ${api}`).toEqual([]);
  }
  expect(survived).toEqual([]);
  expect(said(at.events, 'note').filter(line => line.startsWith('Could not let go'))).toEqual([]);
}, 120_000);
