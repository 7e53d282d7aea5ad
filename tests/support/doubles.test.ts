import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openLibraries } from '../../electron/engine/win32/libraries.ts';
import { loadDoubles } from './doubles.ts';
import { tempDir } from './temp-dir.ts';

const accessDenied = 0x8007_0005;

async function loaded() {
  const doubles = await loadDoubles();
  const dir = await tempDir();
  doubles.root(dir);
  return { doubles, dir, libraries: openLibraries(doubles.libraries) };
}

/** The last line of the log, which says why a call was refused. */
const last = (calls: readonly string[]) => calls.at(-1) ?? '';

describe('the doubles', () => {
  it('tell of what is leaked, and of what is freed twice', async () => {
    const { doubles, libraries } = await loaded();
    const operation = libraries.computecore.createOperation();
    expect(doubles.counters()).toMatchObject({ operations: 1, handles: 0 });
    await libraries.computecore.closeOperation(operation);
    expect(doubles.counters()).toMatchObject({ operations: 0 });
    await libraries.computecore.closeOperation(operation);
    expect(last(doubles.calls())).toMatch(/HcsCloseOperation.*= 0x80070006 ! .*closed twice/);
    libraries.kernel32.localFree(64n);
    expect(last(doubles.calls())).toMatch(/LocalFree\(\) = 0x80070006 ! .*freed twice/);
  });

  it('fail the call that a test names, once, before or after it takes effect', async () => {
    const { doubles, dir, libraries } = await loaded();
    const create = async (name: string) =>
      await libraries.kernel32.createDirectory(path.join(dir, name));
    doubles.fail({ api: 'CreateDirectoryW', callsBefore: 1, hresult: accessDenied });
    await create('a');
    await expect(create('b')).rejects.toThrow('CreateDirectoryW failed');
    await create('b');
    doubles.fail({ api: 'CreateDirectoryW', hresult: accessDenied, mode: 'after' });
    await expect(create('c')).rejects.toThrow('CreateDirectoryW failed');
    await expect(mkdir(path.join(dir, 'c'))).rejects.toThrow('EEXIST');
    expect(doubles.pendingFaults()).toBe(0);
  });

  it('let a call hang until it is released', async () => {
    const { doubles, dir, libraries } = await loaded();
    doubles.fail({ api: 'HcsDestroyLayer', hresult: accessDenied, mode: 'hang' });
    const call = libraries.computestorage.destroyLayer(dir);
    await expect.poll(() => doubles.hanging()).toBe(1);
    doubles.releaseHangs();
    await expect(call).rejects.toThrow('HcsDestroyLayer failed');
    expect(doubles.hanging()).toBe(0);
  });

  it.each([
    ['{"SchemaVersion":{"Major":2,"Minor":1},"Layers":null}', 'null'],
    ['{"SchemaVersion":{"Major":2,"Minor":1},"Layers":[]}', 'Layers: empty'],
    ['{"SchemaVersion":{"Major":2,"Minor":1},"layers":[]}', 'layers: unknown'],
    ['{"SchemaVersion":{"Major":1,"Minor":0}}', 'SchemaVersion is not 2'],
    ['{"Layers":[{"Id":"a","Path":"b"}]}', 'SchemaVersion: missing'],
    ['{"SchemaVersion":{"Major":2,"Major":2,"Minor":1}}', 'a key twice'],
    ['{"SchemaVersion":{"Major":2,"Minor":1.5}}', 'not an integer'],
    ['{"SchemaVersion":{"Major":2,"Minor":1}} {}', 'something after the value'],
    ['{"SchemaVersion":{"Major":2,"Minor":1}}', 'no parents'],
  ])('refuse the document %s and say why', async (document, reason) => {
    const { doubles, dir, libraries } = await loaded();
    await expect(libraries.computestorage.importLayer(dir, dir, document)).rejects.toThrow(
      'HcsImportLayer failed',
    );
    expect(last(doubles.calls())).toContain(reason);
  });

  it('give no privileges to who is not elevated, and none that the account lacks', async () => {
    const { doubles, dir, libraries } = await loaded();
    const restricted = async () =>
      await libraries.kernel32.createFile(dir, 0x8100_0000, 7, 3, 0x0200_0000);
    await expect(restricted()).rejects.toThrow('ERROR_PRIVILEGE_NOT_HELD');
    doubles.withoutPrivilege('SeRestorePrivilege');
    await expect(restricted()).rejects.toThrow('ERROR_PRIVILEGE_NOT_HELD');
  });
});
