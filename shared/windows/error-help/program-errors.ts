import type { ErrorEntry } from './entry.ts';
import { issue } from './issue.ts';

const systemErrors = 'https://learn.microsoft.com/windows/win32/debug/system-error-codes';
const ntStatus =
  'https://learn.microsoft.com/openspecs/windows_protocols/ms-erref/596a1078-e883-4972-9bbc-49e60bebca55';
const security =
  'https://learn.microsoft.com/virtualization/windowscontainers/manage-containers/container-security';

/** Errors that programs end with. */
export const programErrors: readonly ErrorEntry[] = [
  {
    name: 'dll-not-found',
    title: 'A DLL that the program needs is missing',
    codes: [0xc0000135],
    texts: [/was unable to start correctly \(0xc0000135\)/i],
    causes: [
      'Nano Server has far fewer DLLs than Server Core.',
      'The Visual C++ redistributable is not in the image.',
    ],
    remedies: [
      'Run "layerwright programs <image>": it names the missing DLLs and the smallest base that has them.',
      'Copy the DLLs next to the program, or take a servercore base.',
    ],
    source: issue('microsoft/Windows-Containers', 564),
  },
  {
    name: 'entry-point-not-found',
    title: 'A DLL is there, but without a function that the program calls',
    codes: [0xc0000139],
    causes: ['The program is made for a newer Windows, or for one with more parts.'],
    remedies: ['Take a newer or larger base image.'],
    source: ntStatus,
  },
  {
    name: 'dll-init-failed',
    title: 'A DLL could not be initialized',
    codes: [0xc0000142],
    causes: [
      'A 32-bit program on a base and host with different updates, or no memory left for the desktop heap.',
    ],
    remedies: ['Update host and base image to the same month, and prefer 64-bit programs.'],
    source: issue('docker/for-win', 5773),
  },
  {
    name: 'access-violation',
    title: 'The program crashed (access violation)',
    codes: [0xc0000005],
    causes: ['A fault in the program; or it met something that the base image does not have.'],
    remedies: ['Try it on servercore; if it runs there, nanoserver lacks something.'],
    source: ntStatus,
  },
  {
    name: 'bad-image-format',
    title: 'The program is not for this processor or damaged',
    codes: [0xc000007b, 0x800700c1],
    texts: [/%1 is not a valid Win32 application/i],
    causes: [
      '32-bit and 64-bit files are mixed.',
      'nanoserver runs no 32-bit programs before Windows Server 2025.',
      'A download brought a web page instead of the file.',
    ],
    remedies: [
      'Take the 64-bit version, or a servercore base.',
      'Check the size of what was downloaded.',
    ],
    source: systemErrors,
  },
  {
    name: 'ctrl-c',
    title: 'The program was ended from outside (Ctrl+C)',
    codes: [0xc000013a],
    causes: ['It was cancelled, timed out, or the container was stopped.'],
    remedies: ['Raise the time limit, or start it again.'],
    source: ntStatus,
  },
  {
    name: 'file-not-found',
    title: 'A file was not found',
    codes: [0x80070002],
    texts: [/hcsshim::.*The system cannot find the file specified/i, /CreateProcess.*\(0x2\)/i],
    causes: [
      'The program of RUN, CMD or ENTRYPOINT is not in the image or not in PATH.',
      'SHELL names powershell on nanoserver.',
    ],
    remedies: [
      'Write the whole path, with .exe or .cmd.',
      'Look at PATH: "layerwright env <image>".',
    ],
    source: systemErrors,
  },
  {
    name: 'path-not-found',
    title: 'A folder was not found',
    codes: [0x80070003],
    causes: [
      'WORKDIR or a mount names a folder that is not there.',
      'A path is longer than 260 characters.',
    ],
    remedies: ['Check the path; make the folder in an earlier step.'],
    source: systemErrors,
  },
  {
    name: 'access-denied',
    title: 'Access is denied',
    codes: [0x80070005],
    texts: [/access (?:to the path .* )?is denied/i],
    causes: [
      'The step runs as ContainerUser, who may not write to C:\\, Program Files and Windows.',
      'The file is in use or belongs to TrustedInstaller.',
    ],
    remedies: [
      'Write USER ContainerAdministrator before the step, and USER ContainerUser behind it.',
      'Or give the user the folder: icacls C:\\app /grant ContainerUser:(OI)(CI)M',
    ],
    source: security,
  },
  {
    name: 'sharing-violation',
    title: 'A file is in use by another process',
    codes: [0x80070020],
    causes: ['A process of the step still runs.', 'Antivirus looks at the file on the host.'],
    remedies: [
      'End background processes before the step ends, and exclude the store from real-time scanning.',
    ],
    source: systemErrors,
  },
  {
    name: 'no-logon-session',
    title: 'Nobody is logged on (0x800704DD)',
    codes: [0x800704dd],
    causes: ['BITS and some cmdlets need the session of a user, which a container has not.'],
    remedies: ['Download with curl.exe -fSLo or Invoke-WebRequest -UseBasicParsing.'],
    source: systemErrors,
  },
  {
    name: 'name-resolution',
    title: 'A name could not be resolved',
    codes: [0x80072ee7],
    texts: [/remote name could not be resolved/i, /Could not resolve host/i],
    causes: [
      'The DNS server of the container network is wrong: VPN, proxy, or a stale HNS network.',
    ],
    remedies: [
      'Try it in a container: nslookup <name>',
      'Name DNS servers for the build, set HTTP_PROXY, or make the network anew: Get-HnsNetwork | Remove-HnsNetwork; Restart-Service hns',
    ],
    source: issue('docker/for-win', 6453),
  },
  {
    name: 'tls-failed',
    title: 'No secure connection could be made',
    codes: [0x80072f7d, 0x80072f8f],
    texts: [
      /Could not create SSL\/TLS secure channel/i,
      /underlying connection was closed.*(?:trust|secure)/i,
    ],
    causes: [
      'An old base asks for TLS 1.0, a proxy breaks the connection up, or a root certificate is missing.',
    ],
    remedies: [
      "Put [Net.ServicePointManager]::SecurityProtocol = 'Tls12' in front.",
      'Import the root certificate of the proxy with certutil -addstore Root <file>.',
    ],
    source: systemErrors,
  },
  {
    name: 'internet-explorer-engine',
    title: 'Invoke-WebRequest wants the engine of Internet Explorer',
    texts: [/Internet Explorer engine is not available/i],
    causes: ['Windows PowerShell parses pages with it, if nothing else is said.'],
    remedies: ['Add -UseBasicParsing.'],
    source:
      'https://learn.microsoft.com/powershell/module/microsoft.powershell.utility/invoke-webrequest',
  },
  {
    name: 'script-disabled',
    title: 'Scripts may not run',
    texts: [/running scripts is disabled on this system/i],
    causes: ['The execution policy of the image forbids it.'],
    remedies: ['Call powershell -ExecutionPolicy Bypass -File <script>.'],
    source:
      'https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_execution_policies',
  },
  {
    name: 'command-not-recognized',
    title: 'The program was not found',
    exitCodes: [9009],
    texts: [/is not recognized as (?:an internal or external command|the name of a cmdlet)/i],
    causes: [
      'It is not in the image, or not in PATH.',
      'It was installed by a step whose PATH is only in the registry.',
      'The line is for another shell: SHELL decides.',
    ],
    remedies: [
      'Look at PATH: "layerwright env <image>".',
      'Write the whole path, or ENV PATH="<folder>;${PATH}".',
    ],
    source:
      'https://learn.microsoft.com/virtualization/windowscontainers/manage-docker/manage-windows-dockerfile',
  },
];
