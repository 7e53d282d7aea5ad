import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** What the tests need beyond npm: a program of the PATH or a file, and the Debian package that has it. */
const tools: readonly { readonly program: string; readonly debianPackage: string }[] = [
  { program: 'chromium', debianPackage: 'chromium' },
  { program: 'docker-registry', debianPackage: 'docker-registry' },
  { program: 'skopeo', debianPackage: 'skopeo' },
  { program: 'umoci', debianPackage: 'umoci' },
  { program: 'hivexml', debianPackage: 'libhivex-bin' },
  { program: 'hivexregedit', debianPackage: 'libwin-hivex-perl' },
  { program: 'reglookup', debianPackage: 'reglookup' },
  { program: 'objdump', debianPackage: 'binutils' },
  { program: 'bsdtar', debianPackage: 'libarchive-tools' },
  { program: 'pigz', debianPackage: 'pigz' },
  { program: 'zstd', debianPackage: 'zstd' },
  { program: 'xz', debianPackage: 'xz-utils' },
  { program: 'bzip2', debianPackage: 'bzip2' },
  { program: 'openssl', debianPackage: 'openssl' },
  { program: 'git', debianPackage: 'git' },
  { program: 'python3', debianPackage: 'python3' },
  { program: 'gcc', debianPackage: 'gcc' },
  { program: '/usr/include/stdio.h', debianPackage: 'libc6-dev' },
  { program: 'x86_64-w64-mingw32-gcc', debianPackage: 'gcc-mingw-w64-x86-64' },
  {
    program: '/usr/share/mingw-w64/include/computecore.h',
    debianPackage: 'mingw-w64-x86-64-dev',
  },
  { program: 'wine', debianPackage: 'wine' },
  { program: '/usr/lib/wine/wine64', debianPackage: 'wine64' },
];

function missingTools() {
  const folders = (process.env['PATH'] ?? '').split(':');
  return tools.filter(({ program }) =>
    program.startsWith('/')
      ? !existsSync(program)
      : !folders.some(folder => existsSync(`${folder}/${program}`)),
  );
}

function run(command: string, args: readonly string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command, args, { stdio: 'inherit', env }).status === 0;
}

/** Installs what is missing where it may (root on Debian); otherwise says how. Throws while anything is missing. */
export function provideTools(): void {
  const missing = missingTools();
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map(tool => tool.debianPackage))];
  const mayInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (mayInstall) {
    console.log(`Installing for the tests: ${packages.join(' ')}`);
    run('apt-get', ['update', '-qq']);
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages]);
  }
  const still = missingTools();
  if (still.length > 0) {
    const names = still.map(tool => tool.program).join(', ');
    throw new Error(
      `The tests need ${names}. Install with: sudo apt-get install ${packages.join(' ')}`,
    );
  }
}
