import { safeStorage } from 'electron';
import type { Keychain } from '../ipc/registries/registries.ts';

const words: Readonly<Record<string, string>> = {
  win32: 'Layerwright, locked by your Windows account (DPAPI)',
  darwin: 'Layerwright, locked by the macOS keychain',
};

/** Seals secrets with Electron's safeStorage; undefined where that has no key that others lack. Only once the app is ready. */
export async function electronKeychain(platform: string): Promise<Keychain | undefined> {
  if (!(await safeStorage.isAsyncEncryptionAvailable())) return undefined;
  // Without a keyring Chromium on Linux takes a password that stands in its source.
  if (platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text') {
    return undefined;
  }
  return {
    box: {
      seal: async secret => await safeStorage.encryptStringAsync(secret),
      open: async sealed => (await safeStorage.decryptStringAsync(Buffer.from(sealed))).result,
    },
    words: words[platform] ?? 'Layerwright, locked by the keyring of your desktop',
  };
}
