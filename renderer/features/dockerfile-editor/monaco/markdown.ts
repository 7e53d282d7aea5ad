/** The text is anyone's: nothing in it may end the block. */
export function codeBlock(value: string): string {
  const longest = Math.max(2, ...(value.match(/`+/g) ?? []).map(run => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${value}\n${fence}`;
}

/** Leaves code spans as they are; everything else that Markdown or HTML would take for itself is escaped. */
export function escapeMarkdown(value: string): string {
  return value.replace(/[\\[\]()*_{}#+!|<>&-]/g, String.raw`\$&`);
}
