import { valueContent, valueTypeName, type HiveValue } from '../../hive/hive-value.ts';

const longestText = 2000;
const longestBinary = 64;

/** The data of a value for people, cut where it is long. Texts of a list stand with ` | ` between them. */
function valueText(value: HiveValue): string {
  const content = valueContent(value);
  switch (content.kind) {
    case 'text':
      return cut(content.text);
    case 'texts':
      return cut(content.texts.join(' | '));
    case 'number':
      return `${content.number} (0x${content.number.toString(16)})`;
    case 'binary':
      return hex(content.data);
  }
}

/** Type, text and size of a value. */
export function valueFacts(value: HiveValue): { type: string; text: string; size: number } {
  return { type: valueTypeName(value.type), text: valueText(value), size: value.data.length };
}

function cut(text: string): string {
  return text.length > longestText ? `${text.slice(0, longestText)}…` : text;
}

function hex(data: Uint8Array): string {
  const shown = Buffer.from(data.subarray(0, longestBinary)).toString('hex');
  const bytes = shown.replaceAll(/..(?=.)/g, '$& ');
  return data.length > longestBinary ? `${bytes} …` : bytes;
}
