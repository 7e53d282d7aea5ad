import type { BackendChoice } from '../../../../../shared/ipc/build-events.ts';
import type { Backend } from '../backend.ts';

/** Runs nothing: builds with RUN are refused before anything is downloaded (see `chooseBackend`). */
export function portableBackend(choice: BackendChoice): Backend {
  return {
    choice,
    async run() {
      throw new Error('a build with RUN was given to the portable backend');
    },
  };
}
