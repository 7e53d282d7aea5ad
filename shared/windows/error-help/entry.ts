/** What there is to know about one error of Windows, its containers or its installers. */
export interface ErrorEntry {
  /** Stable, in kebab case. */
  readonly name: string;
  /** What it means, in a few words. */
  readonly title: string;
  /** HRESULTs, NTSTATUS codes and Win32 exit codes that mean it, as unsigned 32-bit numbers. */
  readonly codes?: readonly number[];
  /** Exit codes below 65536 mean something only where a text says that they are exit codes. */
  readonly exitCodes?: readonly number[];
  /** Texts that mean it, in whatever program's words. */
  readonly texts?: readonly RegExp[];
  /** What it usually comes from, most likely first. */
  readonly causes: readonly string[];
  /** What to do about it, in this order. */
  readonly remedies: readonly string[];
  /** Where it can be read up. */
  readonly source: string;
}
