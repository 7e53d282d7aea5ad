import { rule, type Rule } from './scan.ts';

/** What a command line is written in. */
export type Shell = 'cmd' | 'powershell' | 'posix';

/** `$name` and `${name:-value}` as Dockerfiles have them. */
export const dockerVariable: Rule = rule(/\$\{[^}\s]*\}?|\$\w+/, 'variable');

const number = rule(/\b\d[\d.]*\b/, 'number');
const operator = rule(/&&|\|\||[|&;<>]+/, 'operator');
/** A word as a whole, so that no rule matches in its middle. */
const word = rule(/[\p{L}_][\w.]*(?:-[\w.]+)*/u, 'source');

const powershellVariable = rule(/\$(?:\{[^}]*\}?|[\w:?^$]+)/, 'variable');
const powershell: readonly Rule[] = [
  rule(/<#.*?(?:#>|$)|(?<![^\s;{(])#.*/, 'comment'),
  rule(/'(?:[^']|'')*'?/, 'string'),
  rule(/\\?"(?:[^"`\\]|`.|""|\\(?!"))*\\?"?/, 'string', [powershellVariable]),
  powershellVariable,
  rule(
    /(?:if|else|elseif|foreach|for|while|do|until|switch|function|param|try|catch|finally|throw|return|break|continue|exit|begin|process|end|in)\b(?!-)/,
    'keyword.control',
  ),
  rule(/[a-z]+-[a-z]\w*/, 'support.function'),
  rule(/(?<=[\s(])-[a-z]\w*/, 'attribute.name'),
  number,
  word,
  operator,
];

const cmdVariable = rule(/%%?~?\w*[a-z]\b|%[^%\s"]+%|![^!\s"]+!/, 'variable');
const cmd: readonly Rule[] = [
  rule(/(?<![^\s&(])rem\b.*|(?<!\S)::.*/, 'comment'),
  rule(/"[^"]*"?/, 'string', [rule(/%[^%\s"]+%|![^!\s"]+!/, 'variable')]),
  rule(/%[^%\s"]+%|![^!\s"]+!/, 'variable'),
  cmdVariable,
  rule(/(?:if|not|exist|else|for|in|do|goto|call|exit|errorlevel|defined)\b/, 'keyword.control'),
  rule(
    /(?:echo|set|setx|setlocal|endlocal|cd|copy|del|dir|erase|md|mkdir|mklink|move|popd|pushd|rd|ren|rmdir|start|type)\b/,
    'support.function',
  ),
  rule(/(?<=\s)\/[a-z?][\w:]*|(?<=\s)--?[a-z][\w-]*/, 'attribute.name'),
  number,
  word,
  operator,
];

const posix: readonly Rule[] = [
  rule(/(?<![^\s;])#.*/, 'comment'),
  rule(/'[^']*'?/, 'string'),
  rule(/"(?:[^"\\]|\\.)*"?/, 'string', [dockerVariable]),
  dockerVariable,
  rule(
    /(?:if|then|else|elif|fi|for|in|do|done|while|case|esac|set|export|exit)\b/,
    'keyword.control',
  ),
  rule(/(?<=\s)--?[a-z][\w-]*/, 'attribute.name'),
  number,
  word,
  operator,
];

/** How each shell's lines are coloured. */
export const codeRules: { readonly [S in Shell]: readonly Rule[] } = { cmd, powershell, posix };

/** The shell that a program's name stands for; `cmd` where it is none that is known. */
export function shellOf(program: string): Shell {
  const name = /([^\\/]+?)(?:\.exe)?$/i.exec(program)?.[1]?.toLowerCase() ?? '';
  if (name === 'powershell' || name === 'pwsh') return 'powershell';
  return /^(?:ba|da|z|k)?sh$/.test(name) ? 'posix' : 'cmd';
}
