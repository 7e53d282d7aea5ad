import { isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import type { SourceRange } from '../source-range.ts';
import { error, type Report } from '../dockerfile/finding.ts';
import { shown, type YamlFile } from './yaml-document.ts';

/** A text with the place it was read from. */
export interface Text {
  readonly value: string;
  readonly range: SourceRange;
}

/** Reads the nodes of a YAML file as what a format wants; everything else becomes a finding. */
export interface YamlReader {
  readonly report: Report;
  rangeOf(node: Node | null | undefined): SourceRange;
  /** The fields of a mapping by name. Reports names that are not in `names`, unless that is absent. */
  fields(node: Node | null | undefined, what: string, names?: readonly string[]): Fields;
  text(node: Node | null | undefined, what: string): Text | undefined;
  /** A text that is one word of a Dockerfile: no blanks, no quotes, no backtick. */
  word(node: Node | null | undefined, what: string): Text | undefined;
  flag(node: Node | null | undefined, what: string): boolean | undefined;
  /** The items of a list; one value alone counts as a list of one. */
  items(node: Node | null | undefined): readonly (Node | null)[];
  isList(node: Node | null | undefined): boolean;
}

export interface Field {
  readonly name: Text;
  readonly node: Node | null;
}
export type Fields = ReadonlyMap<string, Field>;

/** `vars` are put in place of `${NAME}` in texts; a name that is not among them stays. */
export function yamlReader(
  file: YamlFile,
  vars: Readonly<Record<string, string>>,
  report: Report,
): YamlReader {
  const rangeOf: YamlReader['rangeOf'] = node => file.rangeOf(node);
  const resolve: YamlFile['resolve'] = node => file.resolve(node);
  const wrong = (node: Node | null | undefined, message: string): undefined => {
    report(error('yaml-wrong-value', rangeOf(node), message));
  };
  const text = (node: Node | null | undefined, what: string): Text | undefined => {
    const scalar = resolve(node);
    if (!isScalar(scalar) || scalar.value === null || typeof scalar.value === 'object')
      return wrong(node, `${what} must be a text.`);
    // As it is written: 3.10 stays what it is.
    const written = typeof scalar.value === 'string' ? scalar.value : (scalar.source ?? '');
    return { value: withVars(written, vars), range: rangeOf(node) };
  };
  return {
    report,
    rangeOf,
    fields(node, what, names) {
      const map = resolve(node);
      if (!isMap(map)) {
        wrong(node, `${what} must be a mapping of names to values.`);
        return new Map();
      }
      return fieldsOf(map, names, { file, what, report });
    },
    text,
    word(node, what) {
      const found = text(node, what);
      if (found === undefined || /^[^\s"'`]+$/.test(found.value)) return found;
      return wrong(node, `${what} must be one word without quotes, not ${shown(found.value)}.`);
    },
    flag(node, what) {
      const scalar = resolve(node);
      if (isScalar(scalar) && typeof scalar.value === 'boolean') return scalar.value;
      return wrong(node, `${what} must be true or false.`);
    },
    items(node) {
      const list = resolve(node);
      if (!isSeq(list)) return list === null ? [] : [list];
      return list.items.map(item => resolve(item as Node | null));
    },
    isList: node => isSeq(resolve(node)),
  };
}

function fieldsOf(
  map: YAMLMap,
  names: readonly string[] | undefined,
  {
    file,
    report,
    what,
  }: { readonly file: YamlFile; readonly report: Report; readonly what: string },
): Fields {
  const fields = new Map<string, Field>();
  for (const { key, value } of map.items) {
    const keyNode = file.resolve(key as Node | null);
    const name = isScalar(keyNode) ? String(keyNode.value) : '';
    const range = file.rangeOf(keyNode);
    if (names !== undefined && !names.includes(name)) {
      const message = `${what} has no field ${shown(name)}. Known here: ${names.join(', ')}.`;
      report(error('yaml-unknown-field', range, message));
      continue;
    }
    fields.set(name, { name: { value: name, range }, node: file.resolve(value as Node | null) });
  }
  return fields;
}

function withVars(text: string, vars: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{(\w+)\}/g, (all, name: string) =>
    Object.hasOwn(vars, name) ? (vars[name] ?? all) : all,
  );
}
