import { AppError } from '../../../../shared/failure.ts';
import type { WasteView } from '../../../../shared/ipc/inspect-views.ts';

/** What an image is measured by. */
export type GateMetric = 'size' | 'content' | 'layers' | 'waste' | 'user-waste' | 'efficiency';

/** The image fails where the metric is beyond the limit. */
export interface GateRule {
  readonly metric: GateMetric;
  readonly fails: 'above' | 'below';
  /** Bytes, a number of layers, or a share from 0 to 1. */
  readonly limit: number;
  /** As it was written. */
  readonly text: string;
}

/** What came of a rule. */
export interface GateResult {
  readonly rule: GateRule;
  readonly actual: number;
  readonly passed: boolean;
}

const bytesMetrics: ReadonlySet<GateMetric> = new Set(['size', 'content', 'waste']);
const shares: ReadonlySet<GateMetric> = new Set(['user-waste', 'efficiency']);
const metrics: readonly GateMetric[] = [
  'size',
  'content',
  'layers',
  'waste',
  'user-waste',
  'efficiency',
];

/** Reads rules such as `waste>50MB,size>2GB,efficiency<0.9`. Throws gate-invalid. */
export function parseGateRules(text: string): GateRule[] {
  return text.split(',').map(part => {
    const written = part.trim();
    const [, name = '', sign, limit = ''] = /^([a-z-]+)\s*([<>])\s*(\S+)$/i.exec(written) ?? [];
    const metric = metrics.find(each => each === name.toLowerCase());
    if (sign === undefined) {
      throw invalid(`"${written}" is not a rule such as waste>50MB`);
    }
    if (!metric) throw invalid(`"${name}" is none of ${metrics.join(', ')}`);
    const fails = sign === '>' ? 'above' : 'below';
    return { metric, fails, limit: parseLimit(metric, limit), text: written };
  });
}

// The names of dive's .dive-ci, in both spellings that it takes, and two of our own.
const fileKeys: Readonly<Record<string, Pick<GateRule, 'metric' | 'fails'>>> = {
  'lowest-efficiency': { metric: 'efficiency', fails: 'below' },
  'lowest-efficiency-threshold': { metric: 'efficiency', fails: 'below' },
  'highest-wasted-bytes': { metric: 'waste', fails: 'above' },
  'highest-user-wasted-percent': { metric: 'user-waste', fails: 'above' },
  'highest-size': { metric: 'size', fails: 'above' },
  'highest-layers': { metric: 'layers', fails: 'above' },
};

/**
 * Reads a file of rules: `rules:` and below it one `key: value` a line, as in dive's `.dive-ci`. Comments begin with
 * `#`; `disabled` switches a rule off. Throws gate-invalid with file and line.
 */
export function parseGateFile(text: string, file: string): GateRule[] {
  const rules: GateRule[] = [];
  for (const [index, full] of text.split(/\r?\n/).entries()) {
    const line = full.replace(/(?:^|\s)#.*$/, '').trimEnd();
    if (line.trim() === '' || /^rules:$/.test(line) || line === '---') continue;
    try {
      const rule = fileRule(line.trim());
      if (rule) rules.push(rule);
    } catch (error) {
      if (!(error instanceof AppError) || error.failure.code !== 'gate-invalid') throw error;
      throw new AppError({ ...error.failure, file, line: index + 1 }, { cause: error });
    }
  }
  return rules;
}

function fileRule(line: string): GateRule | undefined {
  const [, name, quoted = ''] = /^([A-Za-z-]+)\s*:\s*(.*)$/.exec(line) ?? [];
  if (name === undefined) throw invalid(`"${line}" is not "key: value"`);
  const key = name.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);
  const kind = Object.hasOwn(fileKeys, key) ? fileKeys[key] : undefined;
  if (!kind) throw invalid(`"${name}" is none of ${Object.keys(fileKeys).join(', ')}`);
  const value = /^(["'])(.*)\1$/.exec(quoted)?.[2] ?? quoted;
  if (value === 'disabled') return undefined;
  return { ...kind, limit: parseLimit(kind.metric, value), text: `${name}: ${value}` };
}

const units: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1e3,
  kb: 1e3,
  m: 1e6,
  mb: 1e6,
  g: 1e9,
  gb: 1e9,
  t: 1e12,
  tb: 1e12,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
  tib: 1024 ** 4,
};

function parseLimit(metric: GateMetric, text: string): number {
  const [, digits = '', suffix = ''] = /^(\d+(?:\.\d+)?)\s*([a-z%]*)$/i.exec(text) ?? [];
  const number = Number(digits);
  if (digits === '') throw invalid(`"${text}" is not a number`);
  if (shares.has(metric)) {
    const share = suffix === '%' ? number / 100 : number;
    if ((suffix !== '' && suffix !== '%') || share > 1) {
      throw invalid(`"${text}" is not a share from 0 to 1 (or a percentage such as 10%)`);
    }
    return share;
  }
  const unit = units[suffix.toLowerCase()];
  if (unit === undefined || (suffix !== '' && !bytesMetrics.has(metric))) {
    throw invalid(
      `"${text}" is not ${bytesMetrics.has(metric) ? 'a size such as 50MB' : 'a number'}`,
    );
  }
  return number * unit;
}

function invalid(problem: string): AppError {
  return new AppError({ code: 'gate-invalid', problem });
}

/** Measures an image by rules. */
export function checkGate(
  rules: readonly GateRule[],
  waste: WasteView,
  layers: number,
): GateResult[] {
  const actuals: Readonly<Record<GateMetric, number>> = {
    size: waste.packedSize,
    content: waste.contentSize,
    layers,
    waste: waste.wastedBytes,
    'user-waste': waste.contentSize === 0 ? 0 : waste.yourWastedBytes / waste.contentSize,
    efficiency: waste.efficiency,
  };
  return rules.map(rule => {
    const actual = actuals[rule.metric];
    const failed = rule.fails === 'above' ? actual > rule.limit : actual < rule.limit;
    return { rule, actual, passed: !failed };
  });
}
