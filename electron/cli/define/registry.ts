import type { Command } from 'commander';
import type { RegFlags } from '../commands/reg.ts';
import type { RegistryFlags } from '../commands/registry.ts';
import type { Ask } from '../program.ts';
import { regOptions } from './inspect.ts';

/** Defines `layerwright registry`. */
export function defineRegistry(program: Command, ask: Ask): void {
  const command = program
    .command('registry')
    .summary('serve the store as a registry')
    .description(
      'Serves the images of the store to docker, containerd and other clients on this machine until Ctrl+C, over the ' +
        'API of registries (OCI distribution-spec). There is no login. With an image it shows the Windows registry of that ' +
        'image instead, as "layerwright reg" does.',
    )
    .argument('[image]', 'look into the Windows registry of this image instead')
    .argument('[key]', 'such as HKLM\\SOFTWARE\\Microsoft')
    .option('--port <number>', 'port to listen on; 0 takes a free one', '5000')
    .option('--writable', 'let clients push into the store, and delete names')
    .option(
      '--host <address>',
      'address to listen on; others than loopback let the network in',
      '127.0.0.1',
    )
    .option('-q, --quiet', 'no line for each request')
    .addHelpText('after', names)
    .action((image: string | undefined, key: string | undefined, flags: RegistryFlags & RegFlags) =>
      ask(async context => {
        if (image !== undefined) {
          const { reg } = await import('../commands/reg.ts');
          return await reg(context, image, key, flags);
        }
        const { registry } = await import('../commands/registry.ts');
        return await registry(context, flags);
      }),
    );
  regOptions(command);
}

const names = `
Names:
  An image is asked for as it is called in the store, with localhost:5000/ before it:
    acme/shop:1                                    localhost:5000/acme/shop:1
    mcr.microsoft.com/windows/nanoserver:ltsc2022  localhost:5000/mcr.microsoft.com/windows/nanoserver:ltsc2022
  The registry in the name may be left out where no other image has the rest of it:
    localhost:5000/windows/nanoserver:ltsc2022
  What is pushed to localhost:5000/acme/shop:1 is called acme/shop:1 in the store.
  What clients delete is freed by the next "layerwright store gc"; single blobs cannot be deleted.

Examples:
  layerwright registry
  docker pull localhost:5000/acme/shop:1
  layerwright registry --writable --port 5001
  skopeo copy --dest-tls-verify=false docker-daemon:acme/shop:1 docker://localhost:5001/acme/shop:1`;
