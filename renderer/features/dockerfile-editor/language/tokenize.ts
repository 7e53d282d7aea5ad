import type { EscapeCharacter } from '../../../../shared/dockerfile/ast.ts';
import { keywords } from '../../../../shared/dockerfile/instruction-parser.ts';
import { heredocMarker } from '../../../../shared/dockerfile/heredoc.ts';
import { codeRules, dockerVariable, shellOf, type Shell } from './code-rules.ts';
import type { LineState, OpenHeredoc } from './line-state.ts';
import { rule, scan, TokenList, type Rule, type Token } from './scan.ts';

export interface LineTokens {
  readonly tokens: readonly Token[];
  readonly state: LineState;
}

const known: ReadonlySet<string> = new Set(keywords);
const withCommand: ReadonlySet<string> = new Set(['RUN', 'CMD', 'ENTRYPOINT', 'HEALTHCHECK']);
const mayHaveHeredoc: ReadonlySet<string> = new Set(['RUN', 'COPY', 'ADD']);
/** A line that is longer is one token: colouring it would cost more than it tells. */
const longestLine = 20_000;

const flag = /\s*(--[\w-]+)(=?)/y;
const flagValue: readonly Rule[] = [dockerVariable, rule(/(?<=[=,])[\w-]+(?==)/, 'attribute.name')];
const strings: readonly Rule[] = [
  rule(/"(?:[^"\\]|\\.)*"?/, 'string', [dockerVariable]),
  rule(/'[^']*'?/, 'string'),
];
const heredocRule = rule(/\d*<<-?["']?\w+["']?/, 'string.heredoc');
const wordRules: readonly Rule[] = [dockerVariable, heredocRule, ...strings];
const pairRules: readonly Rule[] = [
  rule(/[\w.-]+(?==)/, 'variable.name'),
  rule(/=/, 'operator'),
  ...wordRules,
];
const portRules: readonly Rule[] = [
  rule(/\d+/, 'number'),
  rule(/\/(?:tcp|udp)/, 'type'),
  ...wordRules,
];
const jsonRules: readonly Rule[] = [rule(/"(?:[^"\\]|\\.)*"?/, 'string', [dockerVariable])];
const rulesOf: Readonly<Record<string, readonly Rule[]>> = {
  ENV: pairRules,
  ARG: [rule(/(?<=^ARG\s+|^\s+)\w+/, 'variable.name'), ...pairRules],
  LABEL: pairRules,
  EXPOSE: portRules,
  SHELL: jsonRules,
};

/** Colours one line of a Dockerfile, given the state that the line above left. */
export function tokenizeLine(text: string, state: LineState): LineTokens {
  if (text.length > longestLine) return { tokens: [{ startIndex: 0, scopes: 'source' }], state };
  const [heredoc] = state.heredocs;
  if (state.keyword === undefined && heredoc !== undefined) return inHeredoc(text, state, heredoc);
  if (/^\s*#/.test(text)) return commentLine(text, state);
  if (/^\s*$/.test(text)) return { tokens: [], state: { ...state, isTop: false } };
  return new InstructionLine(text, { ...state, isTop: false }).read();
}

function inHeredoc(text: string, state: LineState, heredoc: OpenHeredoc): LineTokens {
  const line = heredoc.stripTabs ? text.replace(/^\t+/, '') : text;
  if (line === heredoc.name) {
    const tokens = [{ startIndex: 0, scopes: 'string.heredoc' }];
    return { tokens, state: { ...state, heredocs: state.heredocs.slice(1) } };
  }
  const list = new TokenList();
  const rules = heredoc.shell === undefined ? [dockerVariable] : codeRules[heredoc.shell];
  const otherwise = heredoc.shell === undefined ? 'string' : 'source';
  scan({ text, from: 0, to: text.length, otherwise }, rules, list);
  return { tokens: list.tokens, state };
}

function commentLine(text: string, state: LineState): LineTokens {
  const directive = /^#\s*(escape|syntax|check)\s*=\s*(\S*)/i.exec(text);
  if (!state.isTop || directive === null) {
    const tokens = [{ startIndex: 0, scopes: 'comment' }];
    return { tokens, state: { ...state, isTop: false } };
  }
  const [, name = '', value = ''] = directive;
  const nameStart = text.indexOf(name);
  const valueStart = text.indexOf('=') + 1;
  const tokens = [
    { startIndex: 0, scopes: 'comment' },
    { startIndex: nameStart, scopes: 'keyword.directive' },
    { startIndex: valueStart - 1, scopes: 'operator' },
    { startIndex: valueStart, scopes: 'string' },
  ];
  const escape = name.toLowerCase() === 'escape' ? escapeOf(value) : state.escape;
  return { tokens, state: { ...state, escape } };
}

function escapeOf(value: string): EscapeCharacter {
  return value === '`' ? '`' : '\\';
}

/** One line of an instruction under way. */
class InstructionLine {
  readonly #text: string;
  readonly #list = new TokenList();
  readonly #before: LineState;
  #state: LineState;
  #at = 0;
  /** Without the character that continues the line. */
  readonly #end: number;
  readonly #continues: boolean;

  constructor(text: string, state: LineState) {
    this.#text = text;
    this.#before = state;
    this.#state = state;
    const mark = (state.escape === '`' ? /(?<!`)`\s*$/ : /(?<!\\)\\\s*$/).exec(text);
    this.#continues = mark !== null;
    this.#end = mark?.index ?? text.length;
  }

  read(): LineTokens {
    if (this.#before.keyword === undefined) this.#keyword();
    if (this.#state.part === 'flags') this.#flags();
    this.#arguments();
    if (this.#continues) this.#list.push(this.#end, 'operator.continuation');
    return { tokens: this.#list.tokens, state: this.#stateBehind() };
  }

  #keyword(): void {
    const [, space = '', written = ''] = /^(\s*)(\S*)/.exec(this.#text.slice(this.#at)) ?? [];
    const start = this.#at + space.length;
    const word = written.slice(0, Math.max(0, this.#end - start));
    const keyword = word.toUpperCase();
    if (space !== '') this.#list.push(this.#at, 'source');
    this.#list.push(start, known.has(keyword) ? 'keyword' : 'invalid');
    this.#at = start + word.length;
    this.#state = { ...this.#state, keyword, part: 'flags', code: this.#state.shell };
    if (keyword === 'ONBUILD' && this.#at < this.#end) this.#keyword();
  }

  #flags(): void {
    for (;;) {
      flag.lastIndex = this.#at;
      const [all, name = '', equals = ''] = flag.exec(this.#text) ?? [];
      if (all === undefined || this.#at + all.length > this.#end) break;
      const start = this.#at + all.length - name.length - equals.length;
      this.#list.push(this.#at, 'source');
      this.#list.push(start, 'attribute.name');
      const valueStart = start + name.length;
      const value = equals === '' ? '' : (/^\S*/.exec(this.#text.slice(valueStart))?.[0] ?? '');
      const to = Math.min(this.#end, valueStart + value.length);
      scan(
        { text: this.#text, from: valueStart, to, otherwise: 'attribute.value' },
        flagValue,
        this.#list,
      );
      this.#at = to;
    }
    if (this.#text.slice(this.#at, this.#end).trim() !== '')
      this.#state = { ...this.#state, part: 'arguments' };
  }

  #arguments(): void {
    const { keyword = '' } = this.#state;
    if (keyword === 'FROM') this.#from();
    else if (withCommand.has(keyword)) this.#command();
    else this.#scan(rulesOf[keyword] ?? wordRules, 'source');
  }

  #scan(rules: readonly Rule[], otherwise: string): void {
    scan({ text: this.#text, from: this.#at, to: this.#end, otherwise }, rules, this.#list);
  }

  #from(): void {
    const rest = this.#text.slice(this.#at, this.#end);
    const [, image = '', as = '', name] = /^(\s*\S+)(?:(\s+as\s+)(\S+))?/i.exec(rest) ?? [];
    const to = this.#at + image.length;
    scan(
      { text: this.#text, from: this.#at, to, otherwise: 'type.image' },
      [dockerVariable],
      this.#list,
    );
    this.#state = startStage(this.#state, image.trim(), name);
    if (name === undefined) {
      if (to < this.#end) this.#list.push(to, 'source');
      return;
    }
    this.#list.push(to, 'keyword');
    this.#list.push(to + as.length, 'type.stage');
  }

  #command(): void {
    const rest = this.#text.slice(this.#at, this.#end);
    const isStart = this.#before.keyword === undefined || this.#before.part === 'flags';
    if (isStart && /^\s*\[/.test(rest)) return this.#scan(jsonRules, 'source');
    if (this.#state.keyword === 'HEALTHCHECK' && isStart) this.#healthWord();
    const program = /^\s*(?:@)?"?([\w.:\\/]+)/.exec(rest)?.[1] ?? '';
    if (isStart && /(?:^|[\\/])(?:powershell|pwsh|cmd|bash|sh)(?:\.exe)?$/i.test(program))
      this.#state = { ...this.#state, code: shellOf(program) };
    this.#scan([heredocRule, ...codeRules[this.#state.code]], 'source');
  }

  #healthWord(): void {
    const [, space = '', word = ''] = /^(\s*)(CMD|NONE)\b/i.exec(this.#text.slice(this.#at)) ?? [];
    if (word === '') return;
    this.#list.push(this.#at + space.length, 'keyword');
    this.#at += space.length + word.length;
  }

  #stateBehind(): LineState {
    const heredocs = [...this.#state.heredocs, ...this.#markers()];
    if (this.#continues) return { ...this.#state, heredocs };
    const { keyword } = this.#state;
    const shell = keyword === 'SHELL' ? this.#shellWritten() : this.#state.shell;
    return { ...this.#state, keyword: undefined, part: 'flags', heredocs, shell };
  }

  #shellWritten(): Shell {
    const program = /\[\s*"((?:[^"\\]|\\.)*)"/.exec(this.#text)?.[1];
    return program === undefined ? this.#state.shell : shellOf(program);
  }

  #markers(): OpenHeredoc[] {
    const { keyword = '', code } = this.#state;
    if (!mayHaveHeredoc.has(keyword) || !this.#text.includes('<<')) return [];
    const words = this.#text.slice(0, this.#end).match(/\d*<<-?\S+/g) ?? [];
    const shell = keyword === 'RUN' ? code : undefined;
    return words.flatMap(word => {
      const marker = heredocMarker(word);
      return marker === undefined
        ? []
        : [{ name: marker.name, stripTabs: marker.stripTabs, shell }];
    });
  }
}

/** A stage starts with cmd, or with the shell that the stage it is built on had. */
function startStage(state: LineState, image: string, name: string | undefined): LineState {
  const { stageName, stageShells } = state;
  const shells =
    stageName === undefined ? stageShells : new Map(stageShells).set(stageName, state.shell);
  const shell = shells.get(image.toLowerCase()) ?? 'cmd';
  return { ...state, shell, stageShells: shells, stageName: name?.toLowerCase() };
}
