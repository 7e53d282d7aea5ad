import { createStore, type StoreApi } from 'zustand/vanilla';

/** An action that can be found by name, key or menu. */
export interface Command {
  /** Such as `build.start`; the host's menu uses the same. */
  readonly command: string;
  readonly title: string;
  /** Heads its group in the list of shortcuts. */
  readonly group: string;
  /** Key combinations such as `Mod+Shift+P`; the first is the one that is shown. */
  readonly keys?: readonly string[];
  /** Also while the editor has the focus and knows the same keys. */
  readonly overEditor?: boolean;
  /** Whether it can be run now; always, where absent. */
  readonly when?: () => boolean;
  readonly run: () => void | Promise<void>;
}

export interface Commands {
  readonly byName: ReadonlyMap<string, Command>;
  /** Adds commands, replacing those of the same name; gives a function that takes them out again. */
  readonly register: (commands: readonly Command[]) => () => void;
  /** Runs a command if there is one and it can be run now. Gives whether it was. */
  readonly run: (command: string) => boolean;
}

/** The one list of actions. `onError` is told what a command throws. */
export function createCommands(
  onError: (error: unknown, title: string) => void,
): StoreApi<Commands> {
  return createStore<Commands>()((set, get) => ({
    byName: new Map(),
    register(commands) {
      const added = commands.map(command => [command.command, command] as const);
      set({ byName: new Map([...get().byName, ...added]) });
      return () => {
        const rest = new Map(get().byName);
        for (const [name, command] of added) {
          if (rest.get(name) === command) rest.delete(name);
        }
        set({ byName: rest });
      };
    },
    run(name) {
      const command = get().byName.get(name);
      if (command === undefined || !isEnabled(command)) return false;
      void runSafely(command, onError);
      return true;
    },
  }));
}

async function runSafely(
  command: Command,
  onError: (error: unknown, title: string) => void,
): Promise<void> {
  try {
    await command.run();
  } catch (error) {
    onError(error, command.title);
  }
}

/** Whether a command can be run now. */
export function isEnabled(command: Command): boolean {
  return command.when?.() ?? true;
}
