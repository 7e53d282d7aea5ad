/** Rights of one bit, in the order in which Windows writes them ([MS-DTYP] 2.5.1.1). */
const singleRights: readonly (readonly [string, number])[] = [
  ['CC', 0x1],
  ['DC', 0x2],
  ['LC', 0x4],
  ['SW', 0x8],
  ['RP', 0x10],
  ['WP', 0x20],
  ['DT', 0x40],
  ['LO', 0x80],
  ['CR', 0x100],
  ['SD', 0x1_00_00],
  ['RC', 0x2_00_00],
  ['WD', 0x4_00_00],
  ['WO', 0x8_00_00],
  ['GA', 0x10_00_00_00],
  ['GX', 0x20_00_00_00],
  ['GW', 0x40_00_00_00],
  ['GR', 0x80_00_00_00],
];

/** Rights of several bits; written only where they fit exactly. */
const combinedRights: readonly (readonly [string, number])[] = [
  ['FA', 0x1f_01_ff],
  ['FR', 0x12_00_89],
  ['FW', 0x12_01_16],
  ['FX', 0x12_00_a0],
  ['KA', 0xf_00_3f],
  ['KR', 0x2_00_19],
  ['KW', 0x2_00_06],
  ['KX', 0x2_00_19],
];

/** Rights of a mandatory label: what lower levels may not do. */
const labelRights: readonly (readonly [string, number])[] = [
  ['NW', 0x1],
  ['NR', 0x2],
  ['NX', 0x4],
];

const values: ReadonlyMap<string, number> = new Map([
  ...singleRights,
  ...combinedRights,
  ...labelRights,
]);

/** Reads `FA`, `RCWD`, `0x1200a9` or `0`; an unsigned 32 bit number, or undefined where it is none of these. */
export function parseRights(text: string): number | undefined {
  if (text === '') return 0;
  if (/^(?:0x[0-9a-f]{1,8}|[0-9]{1,10})$/i.test(text)) {
    const mask = Number(text);
    return mask <= 0xff_ff_ff_ff ? mask : undefined;
  }
  if (text.length % 2 !== 0) return undefined;
  let mask = 0;
  for (let at = 0; at < text.length; at += 2) {
    const value = values.get(text.slice(at, at + 2).toUpperCase());
    if (value === undefined) return undefined;
    mask |= value;
  }
  return mask >>> 0;
}

/** Writes a mask as Windows does: by name where names cover it exactly, otherwise in hexadecimal. */
export function formatRights(mask: number, isLabel: boolean): string {
  if (isLabel) return named(mask, labelRights) ?? hex(mask);
  const combined = combinedRights.find(([, value]) => value === mask);
  return combined?.[0] ?? named(mask, singleRights) ?? hex(mask);
}

function named(mask: number, rights: readonly (readonly [string, number])[]): string | undefined {
  const set = rights.filter(([, value]) => (mask & value) !== 0);
  const covered = set.reduce((sum, [, value]) => (sum | value) >>> 0, 0);
  return covered === mask && mask !== 0 ? set.map(([code]) => code).join('') : undefined;
}

function hex(mask: number): string {
  return `0x${mask.toString(16)}`;
}
