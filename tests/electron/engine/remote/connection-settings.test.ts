import { describe, expect, test } from 'vitest';
import {
  connectionSettings,
  mirrorName,
  registryName,
} from '../../../../electron/engine/remote/connection-settings.ts';
import { failureOf } from '../../../../shared/failure.ts';

const nothing = { registries: [], favourites: [] };

function codeOf(work: () => unknown): string {
  try {
    work();
    return 'none';
  } catch (error) {
    return failureOf(error).code;
  }
}

describe('how registries are reached', () => {
  test('is said by flags, environment and the saved registries together, flags first', () => {
    const { insecure, mirrors } = connectionSettings(
      {
        registries: [
          { registry: 'saved.example', insecure: true, mirror: 'mirror.example/saved' },
          { registry: 'safe.example', insecure: false },
        ],
        favourites: [],
      },
      {
        LAYERWRIGHT_INSECURE_REGISTRIES: 'one.example, two.example:5000,',
        LAYERWRIGHT_REGISTRY_MIRRORS: 'docker.io=env.example',
      },
      { insecureRegistry: ['http://flag.example/'], mirror: ['docker.io=flag.example:443'] },
    );
    expect([...insecure]).toEqual([
      'flag.example',
      'one.example',
      'two.example:5000',
      'saved.example',
    ]);
    expect(Object.fromEntries(mirrors)).toEqual({
      'docker.io': ['flag.example:443', 'env.example'],
      'saved.example': ['mirror.example/saved'],
    });
  });

  test.each(['docker.io', '=x.example', 'docker.io='])('refuses the mirror %j', mirror => {
    expect(codeOf(() => connectionSettings(nothing, {}, { mirror: [mirror] }))).not.toBe('none');
  });
});

test.each([
  ['https://registry.example.com/', 'registry.example.com'],
  [' localhost:5000 ', 'localhost:5000'],
  ['localhost', 'localhost'],
  ['index.docker.io', 'docker.io'],
  ['[::1]:5000', '[::1]:5000'],
])('%j is the registry %s', (text, name) => {
  expect(registryName(text)).toBe(name);
});

test.each([
  '',
  'registry',
  'a.example/path',
  'user@a.example',
  'a b.example',
  '../x',
  'a.example:99999',
])('%j is no registry', text => {
  expect(codeOf(() => registryName(text))).toBe('reference-invalid');
});

test('a mirror may have a prefix of repositories, which must be one', () => {
  expect(mirrorName('https://m.example:5000/hub/cache/')).toBe('m.example:5000/hub/cache');
  expect(codeOf(() => mirrorName('m.example/../x'))).toBe('reference-invalid');
});
