/** The address of an issue on GitHub. */
export function issue(repository: string, number: number): string {
  return `https://github.com/${repository}/issues/${number}`;
}
