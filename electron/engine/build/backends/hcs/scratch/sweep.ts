import type { HcsEngine } from '../support.ts';
import type { ScratchRegister } from './scratch-register.ts';

/** Takes down what a crash left, in the order in which it hangs together: systems, endpoints, scratches, layers. */
export async function sweepScratches(
  register: ScratchRegister,
  { host, chains }: Pick<HcsEngine, 'host' | 'chains'>,
  signal?: AbortSignal,
): Promise<void> {
  const isAlive = (systemId: string) => register.isAlive(systemId);
  await host.systems.sweep(isAlive);
  await host.networks.sweep(isAlive);
  await register.sweep(async ({ dir, systemId }) => {
    // An endpoint that was deleted already leaves a namespace which only its owner's name leads to.
    await host.networks.detach(systemId);
    await host.scratches.sweep(dir);
  }, signal);
  await chains.sweep(signal);
}
