import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';

const run = promisify(execFile);

const bomSchema = z.looseObject({
  metadata: z.looseObject({}),
  components: z.array(
    z.looseObject({ 'bom-ref': z.string(), name: z.string(), version: z.string() }),
  ),
  dependencies: z.array(z.looseObject({ ref: z.string(), dependsOn: z.array(z.string()) })),
});

/**
 * A software bill of materials in CycloneDX 1.5 (cyclonedx.org): of npm's own for the lockfile, what is in `packed`
 * (`name@version`, or a name alone). It holds no time and no random number, so that the same package has the same one.
 */
export async function billOfMaterials(
  productDir: string,
  packed: ReadonlySet<string>,
): Promise<string> {
  const args = ['sbom', '--sbom-format=cyclonedx', '--package-lock-only'];
  const maxBuffer = 64 * 1024 * 1024;
  const shell = process.platform === 'win32';
  const { stdout } = await run('npm', args, { cwd: productDir, maxBuffer, shell });
  const { serialNumber: _random, metadata, ...bom } = bomSchema.parse(JSON.parse(stdout));
  const { timestamp: _time, ...product } = metadata;
  const components = bom.components.filter(
    ({ name, version }) => packed.has(name) || packed.has(`${name}@${version}`),
  );
  const refs = new Set(components.map(component => component['bom-ref']));
  const dependencies = bom.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ dependsOn, ...rest }) => ({
      ...rest,
      dependsOn: dependsOn.filter(ref => refs.has(ref)),
    }));
  return `${JSON.stringify({ ...bom, metadata: product, components, dependencies }, undefined, 2)}\n`;
}
