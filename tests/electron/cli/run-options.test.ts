import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { runOptionsOf, type RunFlags } from '../../../electron/cli/run-options.ts';

const cwd = path.resolve('/work');

describe('the options of RUN', () => {
  test('become what the build is asked for', () => {
    expect(
      runOptionsOf(
        {
          isolation: 'hyperv',
          memory: '1.5g',
          cpus: '2',
          scratchSize: '60GB',
          network: 'corp',
          runTimeout: '1h30m',
          secret: ['id=a,src=a.txt', 'type=file,id=b,source=/b', 'id=c,env=C', 'id=d'],
          keepFailed: true,
        },
        cwd,
      ),
    ).toEqual({
      isolation: 'hyperv',
      memoryBytes: 1.5 * 1024 ** 3,
      cpus: 2,
      scratchBytes: 60 * 1024 ** 3,
      network: 'corp',
      timeoutSeconds: 5400,
      secrets: {
        a: { file: path.join(cwd, 'a.txt') },
        b: { file: path.resolve('/b') },
        c: { env: 'C' },
        d: { env: 'd' },
      },
      keepFailed: true,
    });
    expect(runOptionsOf({}, cwd)).toEqual({ secrets: {}, keepFailed: false });
  });

  test.each<[RunFlags, RegExp]>([
    [{ memory: 'much' }, /--memory.*not a size/u],
    [{ memory: '1m' }, /--memory.*too small/u],
    [{ scratchSize: '5m' }, /--scratch-size.*too small/u],
    [{ cpus: '0' }, /--cpus.*whole number/u],
    [{ cpus: '1.5' }, /--cpus.*whole number/u],
    [{ runTimeout: 'soon' }, /--run-timeout.*not a time/u],
    [{ runTimeout: '' }, /--run-timeout.*not a time/u],
    [{ runTimeout: '200h' }, /--run-timeout.*up to a week/u],
    [{ network: 'host' }, /--network.*cannot share/u],
    [{ secret: ['src=x'] }, /--secret.*no id/u],
    [{ secret: ['id=a,src=x,env=y'] }, /--secret.*one place/u],
    [{ secret: ['id=a,mode=0400'] }, /--secret.*"mode".*unknown/u],
  ])('%j is refused', (flags, message) => {
    expect(() => runOptionsOf(flags, cwd)).toThrow(message);
  });
});
