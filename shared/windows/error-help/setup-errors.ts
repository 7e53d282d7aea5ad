import type { ErrorEntry } from './entry.ts';
import { issue } from './issue.ts';

const installerErrors = 'https://learn.microsoft.com/windows/win32/msi/error-codes';

/** Errors of Windows Installer and other set-up programs. */
export const setupErrors: readonly ErrorEntry[] = [
  {
    name: 'restart-required',
    title: 'Installed; Windows wants to restart',
    exitCodes: [3010, 1641],
    causes: ['A file was in use. In an image that does not matter: nothing runs there.'],
    remedies: ['Take the code for success, for example: if ($LASTEXITCODE -eq 3010) { exit 0 }'],
    source: installerErrors,
  },
  {
    name: 'installer-service',
    title: 'The Windows Installer service could not be reached (1719)',
    exitCodes: [1601, 1719],
    texts: [
      /\b(?:error )?1719\b.*Windows Installer/i,
      /Windows Installer Service could not be accessed/i,
    ],
    causes: [
      'Another installation still runs, or the base image has the fault of February 2020 (KB4532691).',
    ],
    remedies: ['Wait for the first installer (Start-Process -Wait), and take a newer base image.'],
    source: issue('docker/for-win', 2047),
  },
  {
    name: 'installer-busy',
    title: 'Another installation is running (1618)',
    exitCodes: [1618],
    causes: ['The installer before was not waited for.'],
    remedies: ['Use Start-Process -Wait or start /wait.'],
    source: installerErrors,
  },
  {
    name: 'installer-fatal',
    title: 'The installation failed (1603)',
    exitCodes: [1603],
    causes: [
      'A condition of the package is not met: a Windows feature, the .NET Framework, rights.',
      'The package needs a window, or something that only servercore has.',
    ],
    remedies: [
      'Add /l*v C:\\msi.log and look for "return value 3" in it.',
      'Try mcr.microsoft.com/windows/server.',
    ],
    source: installerErrors,
  },
  {
    name: 'installer-package-missing',
    title: 'The package could not be opened (1619, 1620)',
    exitCodes: [1619, 1620],
    causes: ['The path is wrong, or the download is no .msi but a web page.'],
    remedies: ['Write the path with backslashes, and check the size of the file.'],
    source: installerErrors,
  },
  {
    name: 'installer-not-supported',
    title: 'The package is not for this system (1633)',
    exitCodes: [1633],
    causes: ['A 32-bit or arm64 package on another processor.'],
    remedies: ['Take the package for x64.'],
    source: installerErrors,
  },
  {
    name: 'visual-studio-setup',
    title: 'The set-up of Visual Studio failed',
    exitCodes: [5003, 5007, 8006],
    causes: [
      '5003: the installer could not be downloaded; 5007: the machine does not meet the requirements; 8006: Visual Studio is running.',
    ],
    remedies: [
      'Read %TEMP%\\dd_*.log of the step; use the offline layout in networks with a proxy.',
    ],
    source:
      'https://learn.microsoft.com/visualstudio/install/use-command-line-parameters-to-install-visual-studio',
  },
  {
    name: 'cbs-corrupt',
    title: 'A Windows feature could not be turned on (0x800f081f)',
    codes: [0x800f081f, 0x800f0906, 0x800f0907, 0x800f0954],
    causes: [
      'The files of the feature are not in the image and cannot be downloaded.',
      'A policy asks an update server of the company.',
    ],
    remedies: [
      'Give the source: -Source <folder>, or take an image that has the feature, such as mcr.microsoft.com/dotnet/framework/runtime:3.5.',
    ],
    source:
      'https://learn.microsoft.com/troubleshoot/windows-client/application-management/dotnet-framework-35-installation-error',
  },
];
