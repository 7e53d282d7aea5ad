/**
 * Splits a command line into arguments as a Windows program does whose C runtime is Microsoft's ("Parsing C command-line
 * arguments"): the first one ends at a blank or its closing quote and knows no backslashes; in the others a backslash
 * counts only in front of a quote, and two quotes inside of quotes are one.
 */
export function splitCommandLine(written: string): string[] {
  const line = written.trimStart();
  const [program, rest] = splitProgram(line);
  const argv = [program];
  for (let at = skipBlanks(line, rest); at < line.length;) {
    const [argument, next] = readArgument(line, at);
    argv.push(argument);
    at = skipBlanks(line, next);
  }
  return argv;
}

function splitProgram(line: string): readonly [program: string, next: number] {
  const [all = '', quoted, plain = ''] = /^(?:"([^"]*)"?|([^\s"]*))/.exec(line) ?? [];
  return [quoted ?? plain, all.length];
}

/** Reads the argument that begins at `from`, and says where it ends. */
function readArgument(line: string, from: number): readonly [argument: string, next: number] {
  let at = from;
  let text = '';
  let isQuoted = false;
  while (at < line.length && (isQuoted || !isBlank(line[at]))) {
    const backslashes = countBackslashes(line, at);
    at += backslashes;
    if (line[at] !== '"') {
      // Without a quote behind them, backslashes are what they look like.
      text += '\\'.repeat(backslashes);
      if (backslashes === 0) text += line[at++] ?? '';
      continue;
    }
    text += '\\'.repeat(Math.floor(backslashes / 2));
    const isPair = isQuoted && line[at + 1] === '"';
    if (backslashes % 2 === 1) text += '"';
    else if (isPair) text += line[at++] ?? '';
    else isQuoted = !isQuoted;
    at++;
  }
  return [text, at];
}

function countBackslashes(line: string, from: number): number {
  let at = from;
  while (line[at] === '\\') at++;
  return at - from;
}

function skipBlanks(line: string, from: number): number {
  let at = from;
  while (isBlank(line[at])) at++;
  return at;
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}
