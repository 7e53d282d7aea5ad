import * as fc from 'fast-check';
import type { LayerEntry } from '../../../../../electron/engine/layer/entry.ts';
import type { Planned } from '../../layer/support.ts';

const names = ['a', 'B', 'c d', 'Ünï', 'z.txt', '😀', 'x.$y'];
const streamNames = ['note', 'Zone.Identifier', 'ß'];

interface TreeNode {
  readonly name: string;
  readonly shape: 'directory' | 'file' | 'symlink' | 'hard-link' | 'whiteout';
  readonly children: readonly TreeNode[];
  readonly streams: readonly string[];
  readonly content: Uint8Array;
  readonly time: bigint;
  readonly descriptor: Uint8Array;
  readonly xattrs: readonly (readonly [string, Uint8Array])[];
  readonly target: string;
  readonly mountPoint: boolean;
  readonly pick: number;
}

/** Times as Windows has them: a multiple of 100 ns, before and after 1970. */
const time = fc
  .bigInt({ min: -60_000_000_000_000_000n, max: 60_000_000_000_000_000n })
  .map(n => n * 100n);

const { tree } = fc.letrec<{ tree: readonly TreeNode[]; node: TreeNode }>(tie => ({
  node: fc.record({
    name: fc.constantFrom(...names),
    shape: fc.constantFrom(
      'directory',
      'directory',
      'file',
      'file',
      'symlink',
      'hard-link',
      'whiteout',
    ),
    children: fc.oneof({ depthSize: 'small', withCrossShrink: true }, fc.constant([]), tie('tree')),
    streams: fc.uniqueArray(fc.constantFrom(...streamNames), { maxLength: 2 }),
    content: fc.uint8Array({ maxLength: 40 }),
    time,
    descriptor: fc.uint8Array({ maxLength: 24 }),
    xattrs: fc.uniqueArray(
      fc.tuple(fc.constantFrom('ONE', 'LXUID', 'T'), fc.uint8Array({ maxLength: 9 })),
      { selector: ([name]) => name, maxLength: 2 },
    ),
    target: fc.constantFrom('C:\\Windows', '..\\x', '\\\\server\\share', '\\\\?\\Volume{1}\\', 'ü'),
    mountPoint: fc.boolean(),
    pick: fc.nat(),
  }) as fc.Arbitrary<TreeNode>,
  tree: fc.uniqueArray(tie('node'), { selector: ({ name }) => name, maxLength: 5 }),
}));

/** A layer over others in the order in which an export of it lists it, with all that its staged form can hold. */
export const exportedLayer: fc.Arbitrary<readonly Planned[]> = fc
  .record({ tree, hiveTime: time, changed: time })
  .map(({ tree: nodes, hiveTime, changed }) => {
    const fields = { modified: hiveTime, accessed: hiveTime, created: hiveTime, changed };
    const delta = Buffer.from('regf delta');
    const firstFiles: string[] = [];
    return [
      [{ ...fields, attributes: 0x10, kind: 'directory', path: 'Files' }],
      ...plan('Files', nodes, firstFiles),
      [{ ...fields, attributes: 0x10, kind: 'directory', path: 'Hives' }],
      [
        {
          ...fields,
          attributes: 0x20,
          kind: 'file',
          path: 'Hives/System_Delta',
          size: delta.byteLength,
        },
        delta,
      ],
    ];
  });

function plan(parent: string, nodes: readonly TreeNode[], firstFiles: string[]): Planned[] {
  const sorted = nodes.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const gone = sorted.filter(({ shape }) => shape === 'whiteout');
  return [
    ...gone.map(({ name }): Planned => [
      { kind: 'whiteout', path: `${parent}/${name}`, attributes: 0, modified: 0n },
    ]),
    ...sorted
      .filter(({ shape }) => shape !== 'whiteout')
      .flatMap(node => planNode(`${parent}/${node.name}`, node, firstFiles)),
  ];
}

function planNode(path: string, node: TreeNode, firstFiles: string[]): Planned[] {
  const times = {
    modified: node.time,
    accessed: node.time + 100n,
    changed: node.time - 100n,
  };
  const created = node.time - 900n;
  const metadata = {
    ...(node.descriptor.length > 0 && { securityDescriptor: Buffer.from(node.descriptor) }),
    ...(node.xattrs.length > 0 && {
      extendedAttributes: new Map(node.xattrs.map(([name, value]) => [name, Buffer.from(value)])),
    }),
  };
  const streams = node.streams.map((streamName): Planned => {
    const size = node.content.byteLength;
    return [{ ...times, attributes: 0, kind: 'stream', path, streamName, size }, node.content];
  });
  const common = { path, ...times, created };
  const target = firstFiles[node.pick % Math.max(1, firstFiles.length)];
  if (node.shape === 'directory') {
    const entry: LayerEntry = { ...common, ...metadata, attributes: 0x10, kind: 'directory' };
    return [[entry], ...streams, ...plan(path, node.children, firstFiles)];
  }
  if (node.shape === 'symlink') {
    const link = { target: node.target, mountPoint: node.mountPoint };
    const attributes = node.mountPoint ? 0x410 : 0x400;
    return [[{ ...common, ...metadata, attributes, kind: 'symlink', ...link }]];
  }
  if (node.shape === 'hard-link' && target !== undefined) {
    return [[{ ...common, attributes: 0x20, kind: 'hard-link', target }]];
  }
  firstFiles.push(path);
  const size = node.content.byteLength;
  const entry: LayerEntry = { ...common, ...metadata, attributes: 0x20, kind: 'file', size };
  return [[entry, node.content], ...streams];
}
