import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { failureOf } from '../../../shared/failure.ts';
import { sha256Digest, shortDigest, type Digest } from '../../../shared/oci/digest.ts';
import { parseImageConfig, parseIndex, parseManifest } from '../../../shared/oci/document.ts';
import { appendLayer, emptyImage, platformOf, withConfig } from '../../../shared/oci/image.ts';
import { completeHistory, layerChain, pairLayers } from '../../../shared/oci/layer-chain.ts';
import {
  compressionOf,
  isForeign,
  isIndex,
  isManifest,
  layerMediaType,
  manifestMediaTypes,
  mediaTypes,
} from '../../../shared/oci/media-types.ts';

const digestOf = (text: string): Digest =>
  sha256Digest(createHash('sha256').update(text).digest('hex'));
const windows = { os: 'windows', architecture: 'amd64', 'os.version': '10.0.20348.1' };
const layer = (name: string) => ({
  descriptor: { mediaType: mediaTypes.ociLayerGzip, digest: digestOf(`${name} packed`), size: 1 },
  diffId: digestOf(name),
});
const manifestOf = (text: string) => ({
  mediaType: mediaTypes.ociManifest,
  digest: digestOf(text),
  size: text.length,
});

describe('images as values', () => {
  test('grow by layers and by settings, and history accounts for both', () => {
    const based = appendLayer(emptyImage(windows), layer('a'), { created_by: 'ADD a' });
    const set = withConfig(based, config => ({ ...config, config: { User: 'me' } }), {
      created_by: 'USER me',
    });
    const image = appendLayer(set, layer('b'), { created_by: 'COPY b', empty_layer: true });
    expect(image).toEqual({
      config: {
        ...windows,
        config: { User: 'me' },
        rootfs: { type: 'layers', diff_ids: [digestOf('a'), digestOf('b')] },
        history: [
          { created_by: 'ADD a' },
          { created_by: 'USER me', empty_layer: true },
          { created_by: 'COPY b' },
        ],
      },
      layersBaseFirst: [layer('a'), layer('b')],
    });
    expect(based.layersBaseFirst).toEqual([layer('a')]);
    expect(platformOf(image.config)).toEqual(windows);
  });

  test('complete the missing history of a base, so that new entries meet the new layers', () => {
    const base = { ...emptyImage(windows), layersBaseFirst: [layer('a')] };
    const { history: _, ...config } = base.config;
    const image = appendLayer({ ...base, config }, layer('b'), { created_by: 'COPY b' });
    expect(image.config.history).toEqual([{}, { created_by: 'COPY b' }]);
  });

  test('do not let a change of settings touch layers or history', () => {
    const image = appendLayer(emptyImage(windows), layer('a'), {});
    const changed = withConfig(image, config => ({
      ...config,
      rootfs: { type: 'layers', diff_ids: [] },
      history: [],
    }));
    expect(changed).toEqual(image);
  });
});

describe('a layer chain', () => {
  test('pairs every layer with its instruction and has chain IDs as image-spec computes them', () => {
    const history = [
      { created_by: 'a' },
      { created_by: 'env', empty_layer: true },
      { created_by: 'b' },
    ];
    const chain = layerChain(history, [layer('a'), layer('b')], digestOf);
    const [a, b] = [digestOf('a'), digestOf('b')];
    expect(chain).toEqual([
      { history: history[0], layer: { ...layer('a'), chainId: a } },
      { history: history[1] },
      { history: history[2], layer: { ...layer('b'), chainId: digestOf(`${a} ${b}`) } },
    ]);
  });

  test.each([
    [undefined, 2, [{}, {}]],
    [null, 0, []],
    [[{ created_by: 'a' }], 2, [{ created_by: 'a' }, {}]],
    [
      [{ created_by: 'a' }, { created_by: 'b' }],
      1,
      [{ created_by: 'a' }, { created_by: 'b', empty_layer: true }],
    ],
  ])('completes the history %j of %i layers', (history, layers, completed) => {
    expect(completeHistory(history, layers)).toEqual(completed);
  });

  test('refuses a config that does not match its manifest', () => {
    const { config } = emptyImage(windows);
    const manifest = {
      schemaVersion: 2 as const,
      config: { ...manifestOf('config'), mediaType: mediaTypes.ociConfig },
      layers: [layer('a').descriptor],
    };
    expect(() => pairLayers(manifest, config)).toThrow(
      `${digestOf('config')} is not a valid image: rootfs.diff_ids: has 0 entries, but the manifest has 1 layers`,
    );
  });
});

describe('documents from outside', () => {
  const config = `{"mediaType":"${mediaTypes.ociConfig}","digest":"${digestOf('c')}","size":2}`;

  test('keep the fields that nobody knows', () => {
    const text = `{"schemaVersion":2,"config":${config},"layers":[],"x-new":[1]}`;
    expect(parseManifest(text, manifestOf(text))).toMatchObject({ 'x-new': [1] });
    const index = { ...manifestOf(text), mediaType: mediaTypes.dockerList };
    expect(parseIndex('{"schemaVersion":2,"manifests":[],"y":1}', index)).toMatchObject({ y: 1 });
  });

  test.each([
    ['nonsense', 'document', 'is not JSON'],
    ['null', 'document', 'Invalid input'],
    [`{"schemaVersion":1,"config":${config},"layers":[]}`, 'schemaVersion', 'expected 2'],
    [`{"schemaVersion":2,"layers":[]}`, 'config', 'Invalid input'],
    [
      `{"schemaVersion":2,"config":${config},"layers":[{"mediaType":"x","digest":"sha256:1","size":1}]}`,
      'layers[0].digest',
      'expected a digest',
    ],
    [
      `{"schemaVersion":2,"config":${config.replace('2}', '-2}')},"layers":[]}`,
      'config.size',
      'Too small',
    ],
    [
      `{"schemaVersion":2,"config":${config},"layers":[${Array(1025).fill(config).join()}]}`,
      'layers',
      'Too big',
    ],
    [
      `{"schemaVersion":2,"config":${config},"layers":[],"manifests":[]}`,
      'manifests',
      'does not belong',
    ],
    [
      `{"schemaVersion":2,"mediaType":"${mediaTypes.ociIndex}","config":${config},"layers":[]}`,
      'mediaType',
      'but expected',
    ],
  ])('are refused with the field: %.60s', (text, field, problem) => {
    const descriptor = manifestOf(text);
    let failure;
    try {
      parseManifest(text, descriptor);
    } catch (error) {
      failure = failureOf(error);
    }
    expect(failure).toMatchObject({ code: 'image-invalid', digest: descriptor.digest, field });
    expect(failure?.code === 'image-invalid' && failure.problem).toContain(problem);
  });

  test('are refused where the descriptor is of another kind', () => {
    const text = '{}';
    const layerBlob = { ...manifestOf(text), mediaType: mediaTypes.ociLayer };
    expect(() => parseManifest(text, layerBlob)).toThrow('not an image manifest');
    expect(() => parseIndex(text, manifestOf(text))).toThrow('not an image index');
    expect(() => parseImageConfig('{"os":1}', digestOf(text))).toThrow('architecture: ');
  });
});

describe('media types', () => {
  test('tell how a layer is packed, and which layers are foreign', () => {
    const all = Object.values(mediaTypes).filter(type => compressionOf(type) !== undefined);
    expect(
      all.map(type => [
        type.replace(/^application\/vnd\./, ''),
        compressionOf(type),
        isForeign(type),
      ]),
    ).toEqual([
      ['oci.image.layer.v1.tar', 'none', false],
      ['oci.image.layer.v1.tar+gzip', 'gzip', false],
      ['oci.image.layer.v1.tar+zstd', 'zstd', false],
      ['oci.image.layer.nondistributable.v1.tar', 'none', true],
      ['oci.image.layer.nondistributable.v1.tar+gzip', 'gzip', true],
      ['oci.image.layer.nondistributable.v1.tar+zstd', 'zstd', true],
      ['docker.image.rootfs.diff.tar', 'none', false],
      ['docker.image.rootfs.diff.tar.gzip', 'gzip', false],
      ['docker.image.rootfs.diff.tar.zstd', 'zstd', false],
      ['docker.image.rootfs.foreign.diff.tar', 'none', true],
      ['docker.image.rootfs.foreign.diff.tar.gzip', 'gzip', true],
    ]);
    expect(
      (['none', 'gzip', 'zstd'] as const).map(each => compressionOf(layerMediaType(each))),
    ).toEqual(['none', 'gzip', 'zstd']);
  });

  test('sort manifests from indexes', () => {
    expect(manifestMediaTypes.map(type => [isManifest(type), isIndex(type)])).toEqual([
      [true, false],
      [false, true],
      [true, false],
      [false, true],
    ]);
    expect(shortDigest(digestOf(''))).toBe('e3b0c44298fc');
  });
});
