/**
 * Joins arguments to one command line that a Windows program splits into the same arguments again (Microsoft's
 * "Parsing C++ command-line arguments"; Go's syscall.EscapeArg writes the same).
 */
export function windowsCommandLine(argv: readonly string[]): string {
  return argv.map(quoted).join(' ');
}

function quoted(argument: string): string {
  if (argument !== '' && !/[\s"]/.test(argument)) return argument;
  // Backslashes are doubled only in front of a quote, the closing one included.
  const escaped = argument.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1');
  return /\s/.test(argument) || argument === '' ? `"${escaped}"` : escapedOnly(argument);
}

function escapedOnly(argument: string): string {
  return argument.replace(/(\\*)"/g, '$1$1\\"');
}
