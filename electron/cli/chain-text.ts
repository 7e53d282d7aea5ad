import path from 'node:path';
import type { ImageChain, ImageChainLink } from './chain.ts';
import { counted, formatBytes } from './text/units.ts';
import { fit, padded } from './text/width.ts';
import { neutralized } from './text/neutralize.ts';

const indent = ' '.repeat(15);

/** Tells a chain in lines, base first: each layer with its size, digests and instruction, other instructions between. */
export function chainLines(chain: ImageChain, columns: number): readonly string[] {
  return [
    chain.reference,
    `  platform  ${chain.platform}`,
    `  manifest  ${chain.manifestDigest}`,
    `  config    ${chain.configDigest}`,
    `  created   ${chain.created ?? 'not stated'}`,
    `  size      ${formatBytes(chain.size)} in ${counted(chain.layers, 'layer')}`,
    '',
    'Base first:',
    ...chain.links.flatMap(link => linkLines(link, columns)),
  ];
}

function linkLines(link: ImageChainLink, columns: number): readonly string[] {
  const { layer } = link;
  const instruction = fit(
    neutralized(instructionText(link)),
    Math.max(20, columns - indent.length),
  );
  if (layer === undefined) return [`${padded('·', 4, 'left')}${' '.repeat(11)}${instruction}`];
  const number = padded(String(layer.layerIndex), 4, 'left');
  const size = padded(formatBytes(layer.size), 9, 'left');
  return [
    `${number}${size}  ${instruction}`,
    `${indent}digest  ${layer.digest}${layer.missing ? ' (not in the store)' : ''}`,
    `${indent}diff ID ${layer.diffId}`,
  ];
}

function instructionText({ createdBy, comment, source }: ImageChainLink): string {
  const what = createdBy === '' ? (comment ?? 'no history') : createdBy;
  if (source === undefined) return what;
  return `${path.basename(source.dockerfile)}:${source.line}  ${what}`;
}
