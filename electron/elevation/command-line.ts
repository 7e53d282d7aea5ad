/**
 * Writes arguments so that a program gets them back unchanged from its command line, by the rules of
 * CommandLineToArgvW and the C runtime (learn.microsoft.com/cpp/cpp/main-function-command-line-args): quotes around
 * all, and before a quote twice as many backslashes and one more.
 */
export function quotedArguments(args: readonly string[]): string {
  return args.map(quoted).join(' ');
}

function quoted(argument: string): string {
  const inner = argument.replaceAll(/(\\*)"/g, '$1$1\\"').replace(/\\+$/, '$&$&');
  return `"${inner}"`;
}
