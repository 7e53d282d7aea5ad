import type { ProcessSpec } from '../host.ts';

/**
 * ProcessParameters (HCS schema 2.1; the ProcessConfig of schema 1 has the same members). No console is emulated: then
 * stdout and stderr are separate pipes. Nothing is typed into a build, so stdin has none.
 */
export function processDocument({ commandLine, workingDir, env, user }: ProcessSpec): string {
  return JSON.stringify({
    CommandLine: commandLine,
    ...(user === '' ? {} : { User: user }),
    WorkingDirectory: workingDir,
    // As hcsshim does: an empty value is how Windows says that a variable is not set.
    Environment: Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')),
    CreateStdOutPipe: true,
    CreateStdErrPipe: true,
  });
}
