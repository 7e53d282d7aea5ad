import { describe, expect, it } from 'vitest';
import { AppError, explain } from '../../../../shared/failure.ts';
import { isWin32 } from '../../../../electron/engine/win32/failures.ts';
import { openLibraries } from '../../../../electron/engine/win32/libraries.ts';
import { loadDoubles } from '../../../support/doubles.ts';

async function failureOf(work: Promise<unknown>) {
  const error: unknown = await work.then(
    () => undefined,
    (failed: unknown) => failed,
  );
  return error instanceof AppError ? error.failure : error;
}

describe('calls of Windows', () => {
  it('are checked before koffi takes a number for the address of a string', async () => {
    const { computestorage, vmcompute } = openLibraries((await loadDoubles()).libraries);
    const wrong = (value: unknown) => computestorage.destroyLayer(value as string);
    await expect(wrong(7)).rejects.toThrow('a native call wants a string, not number 7');
    await expect(wrong(undefined)).rejects.toThrow('a native call wants a string');
    await expect(wrong('C:\\a\0b')).rejects.toThrow('a string without NUL');
    await expect(vmcompute.expandSandboxSize('/x', -1)).rejects.toThrow(
      'a native call wants a size',
    );
    await expect(vmcompute.activateLayer({} as string)).rejects.toThrow('wants a string');
  });

  it('say where only Windows can do it', async () => {
    const failure = await failureOf(openLibraries().computestorage.destroyLayer('/x'));
    expect(failure).toMatchObject({ code: 'windows-library-missing', reason: 'not-windows' });
  });

  it('say which function a library lacks', async () => {
    const other = process.platform === 'win32' ? 'kernel32.dll' : 'libc.so.6';
    const mixed = openLibraries({ computestorage: other });
    expect(await failureOf(mixed.computestorage.destroyLayer('/x'))).toEqual({
      code: 'windows-library-missing',
      library: 'computestorage',
      function: 'HcsDestroyLayer',
      reason: 'too-old',
    });
  });

  it('name the API, the code, its meaning and what it was about', async () => {
    const doubles = await loadDoubles();
    doubles.fail({ api: 'HcsDestroyLayer', hresult: 0x8037_0112 });
    const { computestorage } = openLibraries(doubles.libraries);
    const failure = await failureOf(computestorage.destroyLayer('/layers/a'));
    expect(failure).toMatchObject({ code: 'windows-api', subject: '/layers/a' });
    if (!(typeof failure === 'object' && failure && 'code' in failure)) throw new Error('none');
    expect(explain(failure as never)).toEqual({
      message:
        'HcsDestroyLayer failed for /layers/a: a layer is not valid (0x80370112 HCS_E_INVALID_LAYER).',
      advice: 'Remove the image and pull it again.',
    });
  });

  it('carry the last error of Win32 functions, on this thread and on another one', async () => {
    const doubles = await loadDoubles();
    const { advapi32, kernel32 } = openLibraries(doubles.libraries);
    const missing = kernel32.createFile('/there/is/no/such/file', 0x80, 7, 3, 0x0200_0000);
    await expect(missing).rejects.toSatisfy(error => isWin32(error, 2, 3));
    expect(() => advapi32.lookupPrivilegeValue('SeNothingPrivilege')).toThrow(
      'LookupPrivilegeValueW failed for SeNothingPrivilege',
    );
  });
});
