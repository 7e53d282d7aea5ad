import { expect, test } from 'vitest';
import { sha256Digest } from '../../../shared/oci/digest.ts';
import type { BaseTag } from '../../../shared/ipc/app-views.ts';
import { analyze } from '../../../renderer/features/dockerfile-editor/language/analysis.ts';
import { completionsAt } from '../../../renderer/features/dockerfile-editor/language/completion.ts';
import { atMark, edited } from './at-mark.ts';

const digest = sha256Digest('0'.repeat(64));
const nano: BaseTag = {
  reference: 'layerwright.local/windows/nanoserver:ltsc2022',
  tag: 'ltsc2022',
  architecture: 'amd64',
  pinned: false,
  manifestDigest: digest,
  pinDigest: digest,
  layers: 1,
  size: 1,
  downloadBytes: 0,
  local: true,
  verdict: { kind: 'process', reason: '' },
};

function at(marked: string) {
  const { text, position } = atMark(marked);
  const found = completionsAt(analyze(text), position, [nano]);
  return {
    labels: found.map(({ label }) => label),
    take: (label: string) => {
      const one = found.find(completion => completion.label === label);
      return one && edited(text, [{ range: one.range, newText: one.insertText }]);
    },
  };
}

test('at the start of a line all instructions are offered', () => {
  expect(at('FROM a\nCO|').labels).toContain('COPY');
  expect(at('|').labels).toContain('FROM');
});

test('flags of the instruction are offered, and only those', () => {
  expect(at('FROM a\nCOPY --|').labels).toContain('--chown');
  expect(at('FROM a\nRUN --|').labels).toEqual(['--mount', '--network', '--security']);
});

test('COPY --from and RUN --mount offer the stages above', () => {
  const text = 'FROM a AS one\nFROM b AS two\n';
  expect(at(`${text}COPY --from=|`).labels).toEqual(['one']);
  expect(at(`${text}RUN --mount=type=bind,from=|`).labels).toEqual(['one']);
  expect(at(`${text}COPY --from=o| . .`).take('one')).toBe(`${text}COPY --from=one . .`);
});

test('FROM offers stages above and known base images', () => {
  const { labels, take } = at('FROM a AS one\nFROM layerwright.local/w|');
  expect(labels).toEqual(['one', nano.reference, 'scratch']);
  expect(at('FROM |').labels).toContain(nano.reference);
  expect(take(nano.reference)).toBe(`FROM a AS one\nFROM ${nano.reference}`);
});

test('values of flags are offered', () => {
  expect(at('FROM --platform=|').labels).toContain('windows/amd64');
});

test('variables that are set at the place are offered, in the form that was begun', () => {
  const text = 'ARG G=1\nFROM a\nENV HOME_DIR=C:/x\n';
  expect(at(`${text}WORKDIR \${H|`).take('HOME_DIR')).toBe(`${text}WORKDIR \${HOME_DIR}`);
  expect(at(`${text}WORKDIR $|`).labels).toEqual(['HOME_DIR']);
  expect(at('ARG G=1\nFROM $|').labels).toContain('G');
});

test('a continued line belongs to its instruction', () => {
  expect(at('FROM a\nCOPY \\\n  --|').labels).toContain('--from');
});

test('directives are offered behind a #', () => {
  expect(at('# e|').take('escape')).toBe('# escape=`');
});
