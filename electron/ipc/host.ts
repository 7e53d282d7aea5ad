/** What only a window can do: ask the person in front of it. `serve` has none of this. */
export interface Dialogs {
  /** Each gives an absolute path, or `undefined` where the dialog was dismissed. */
  openFolder(): Promise<string | undefined>;
  openFile(title: string): Promise<string | undefined>;
  saveFile(title: string, suggestedName: string): Promise<string | undefined>;
  /** Asks whether a folder that was never opened may be opened now. */
  confirmFolder(dir: string): Promise<boolean>;
}

/** For hosts without dialogs: paths are typed, and allowed by the roots that `serve` was started with. */
export const noDialogs: Dialogs = {
  openFolder: async () => undefined,
  openFile: async () => undefined,
  saveFile: async () => undefined,
  confirmFolder: async () => false,
};
