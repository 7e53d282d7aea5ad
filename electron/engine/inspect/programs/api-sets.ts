import { readPeSections } from '../pe/pe-reader.ts';
import type { RandomBytes } from '../pe/random-bytes.ts';

/** Which library stands behind an API set; '' where the schema knows the set but this Windows has no host for it. */
export type ApiSetSchema = ReadonlyMap<string, string>;

/** Far larger than that of any Windows. */
const largestSchema = 4 * 1024 * 1024;

/** Whether a library's name is that of an API set (Microsoft, "Windows API sets"). */
export function isApiSet(library: string): boolean {
  return /^(?:api|ext)-/i.test(library);
}

/** Extension API sets need not be there: a program must ask first (Microsoft, "Windows API sets"). */
export function isExtensionSet(library: string): boolean {
  return /^ext-/i.test(library);
}

/**
 * Reads the `.apiset` section of apisetschema.dll in the form of Windows 10 and newer (version 6, known from public
 * research: Geoff Chappell, "The API Set Schema"). Undefined for other forms and where it cannot be followed.
 */
export async function readApiSetSchema(file: RandomBytes): Promise<ApiSetSchema | undefined> {
  const section = (await readPeSections(file)).find(({ name }) => name === '.apiset');
  if (!section || section.size > largestSchema) return undefined;
  const bytes = await file.read(section.fileOffset, section.size);
  try {
    return parseSchema(bytes);
  } catch (error) {
    // An offset out of the section.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function parseSchema(bytes: Uint8Array): ApiSetSchema | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== 6) return undefined;
  const count = view.getUint32(12, true);
  const entries = view.getUint32(16, true);
  if (count > bytes.length / 24) return undefined;
  const schema = new Map<string, string>();
  for (let index = 0; index < count; index++) {
    const at = entries + 24 * index;
    const name = textAt(view, view.getUint32(at + 4, true), view.getUint32(at + 8, true));
    const values = view.getUint32(at + 16, true);
    // The first value is the host for whoever imports it; others are exceptions for single importers.
    const hasHost = view.getUint32(at + 20, true) > 0;
    const host = hasHost
      ? textAt(view, view.getUint32(values + 12, true), view.getUint32(values + 16, true))
      : '';
    schema.set(setName(name), host);
  }
  return schema;
}

function textAt(view: DataView, offset: number, length: number): string {
  if (offset + length > view.byteLength) throw new RangeError('a text is outside the schema');
  return Buffer.from(view.buffer, view.byteOffset + offset, length).toString('utf16le');
}

/** The last number is a revision of the same set: Windows looks the name up without it. */
export function setName(library: string): string {
  return library
    .toLowerCase()
    .replace(/\.dll$/, '')
    .replace(/-\d+$/, '');
}

// Hosts as Microsoft lists them ("Windows umbrella libraries", "UCRT deployment") for the sets that programs import.
const rules: readonly (readonly [RegExp, string])[] = [
  [/^api-ms-win-crt-/, 'ucrtbase.dll'],
  [/^api-ms-win-core-(?:com|winrt|marshal)/, 'combase.dll'],
  [/^api-ms-win-core-rtlsupport/, 'ntdll.dll'],
  [/^api-ms-win-core-path/, 'kernelbase.dll'],
  [/^api-ms-win-core-/, 'kernelbase.dll'],
  [/^api-ms-win-eventing-(?:controller|consumer|legacy)/, 'sechost.dll'],
  [/^api-ms-win-eventing-/, 'kernelbase.dll'],
  [/^api-ms-win-service-/, 'sechost.dll'],
  [/^api-ms-win-security-cryptoapi/, 'cryptsp.dll'],
  [/^api-ms-win-security-(?:lsalookup|sddl|credentials)/, 'sechost.dll'],
  [/^api-ms-win-security-/, 'kernelbase.dll'],
  [/^api-ms-win-shcore-/, 'shcore.dll'],
  [/^api-ms-win-devices-config-/, 'cfgmgr32.dll'],
  [/^api-ms-win-ntuser-/, 'user32.dll'],
  [/^api-ms-win-gdi-/, 'gdi32.dll'],
  [/^api-ms-win-power-/, 'powrprof.dll'],
];

/** The usual host of an API set where a base has no schema that can be read; undefined where none is known. */
export function hostByRule(library: string): string | undefined {
  const name = library.toLowerCase();
  return rules.find(([pattern]) => pattern.test(name))?.[1];
}
