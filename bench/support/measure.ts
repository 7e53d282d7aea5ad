import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';

/** What a program took: wall time in seconds, highest resident memory in MiB (Linux only), and what it printed. */
export interface Measured {
  readonly seconds: number;
  readonly peakMebibytes: number;
  readonly output: string;
}

/** Runs a program to its end. Throws where it fails. */
export async function measure(
  command: string,
  args: readonly string[],
  cwd: string,
): Promise<Measured> {
  const started = performance.now();
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  let peakMebibytes = 0;
  const watch = setInterval(() => {
    void residentPeak(child.pid).then(peak => (peakMebibytes = Math.max(peakMebibytes, peak)));
  }, 50);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  clearInterval(watch);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}`);
  return { seconds: (performance.now() - started) / 1000, peakMebibytes, output };
}

async function residentPeak(pid: number | undefined): Promise<number> {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
  } catch {
    return 0; // It has ended.
  }
}
