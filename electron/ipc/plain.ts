import { AppError } from '../../shared/failure.ts';

/** Larger than any request of the contract needs: a Dockerfile of 16 Mi characters, and room for the rest. */
const maxCharacters = 20 * 1024 * 1024;
const maxValues = 100_000;
const maxDepth = 32;

/**
 * Throws a `bad-request` failure unless `value` is what JSON can carry and of bounded size. Electron's
 * structured clone would let maps, dates, buffers and cycles through as well.
 */
export function checkPlain(value: unknown): void {
  let values = 0;
  let characters = 0;

  function count(text: string): void {
    characters += text.length;
    if (characters > maxCharacters) throw refused('is too large');
  }

  function visit(item: unknown, depth: number): void {
    if (++values > maxValues || depth > maxDepth) throw refused('has too many parts');
    if (item === null || typeof item === 'boolean') return;
    if (typeof item === 'number' && Number.isFinite(item)) return;
    if (typeof item === 'string') return count(item);
    if (Array.isArray(item)) return item.forEach(part => visit(part, depth + 1));
    if (!isRecord(item)) throw refused('is not plain JSON');
    for (const [key, part] of Object.entries(item)) {
      if (key === '__proto__') throw refused('has a forbidden key');
      count(key);
      // JSON leaves such a member out; structured clone keeps it.
      if (part !== undefined) visit(part, depth + 1);
    }
  }

  visit(value, 0);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function refused(problem: string): AppError {
  return new AppError({ code: 'bad-request', field: 'input', problem });
}
