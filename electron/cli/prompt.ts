import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** Asks the person at the terminal. */
export interface Prompt {
  line(question: string, signal?: AbortSignal): Promise<string>;
  /** What is typed is not shown. */
  secret(question: string, signal?: AbortSignal): Promise<string>;
}

const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });

export function createPrompt(input: NodeJS.ReadStream, output: NodeJS.WriteStream): Prompt {
  async function ask(question: string, shown: boolean, signal?: AbortSignal): Promise<string> {
    const echo = shown ? output : nowhere;
    const lines = createInterface({ input, output: echo, terminal: true });
    // In this mode Ctrl+C is a key like others; it is to mean what it always means.
    lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    if (!shown) output.write(question);
    try {
      return await lines.question(shown ? question : '', signal === undefined ? {} : { signal });
    } finally {
      lines.close();
      if (!shown) output.write('\n');
    }
  }
  return {
    line: async (question, signal) => await ask(question, true, signal),
    secret: async (question, signal) => await ask(question, false, signal),
  };
}
