import { existsSync } from 'node:fs';
import { cp, mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { naming } from './file-failures.ts';

/** Copies the sample into the store where it is not yet: trying things out changes no file of the product. */
export async function copySample(sourceDir: string, sampleDir: string): Promise<void> {
  if (existsSync(sampleDir)) return;
  const aside = `${sampleDir}.${process.pid}.tmp`;
  await naming('make the sample project in', sampleDir, async () => {
    try {
      await mkdir(path.dirname(sampleDir), { recursive: true });
      await cp(sourceDir, aside, { recursive: true });
      await rename(aside, sampleDir);
    } finally {
      await rm(aside, { recursive: true, force: true });
    }
  });
}
