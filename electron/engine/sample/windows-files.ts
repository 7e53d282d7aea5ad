import type { SampleFamily } from './sample-version.ts';

/** Files of `Windows\System32` by family. They have the names of Windows' own, and nothing else of them. */

const nanoLibraries =
  `ntdll kernel32 KernelBase ucrtbase msvcp_win msvcrt advapi32 sechost rpcrt4 ws2_32 mswsock
  dnsapi bcrypt bcryptprimitives crypt32 cryptbase cryptsp ncrypt ncryptsslp schannel combase clbcatq iphlpapi
  kernel.appcore normaliz powrprof profapi secur32 sspicli msv1_0 winhttp webio wevtapi wtsapi32 userenv netapi32
  samcli srvcli netutils wkscli dhcpcsvc dhcpcsvc6 nsi winnsi fwpuclnt rasadhlp ntmarta version psapi setupapi
  cfgmgr32 devobj wintrust msasn1 imagehlp dbghelp dbgcore icu icuuc icuin xmllite shcore shlwapi tdh wldp
  amsi ntasn1 dpapi gpapi slc sppc umpdc virtdisk wer faultrep`.split(/\s+/);

const coreLibraries =
  `user32 gdi32 gdi32full win32u shell32 ole32 oleaut32 comctl32 comdlg32 imm32 mscoree msi
  urlmon wininet iertutil mshtml jscript vbscript scrobj scrrun atl propsys uxtheme dwmapi winspool winmm riched20
  msxml3 msxml6 mfc42 odbc32 esent taskschd wbemcomn dismapi netfxperf certcli certenroll adsldp activeds`.split(
    /\s+/,
  );

const nanoPrograms =
  `cmd conhost svchost services smss csrss wininit lsass CExecSvc ipconfig ping net net1 netstat
  nslookup curl tar reg sc setx tasklist taskkill where whoami xcopy robocopy icacls attrib findstr find fc forfiles
  hostname mode more sort timeout tracert route arp chcp`.split(/\s+/);

const corePrograms =
  `msiexec certutil dism sfc regedit regsvr32 rundll32 cscript wscript bitsadmin wevtutil schtasks
  typeperf diskpart netsh takeown shutdown notepad taskmgr lodctr mofcomp`.split(/\s+/);

const apiSets =
  `console datetime debug errorhandling file handle heap interlocked io libraryloader localization
  memory namedpipe processenvironment processthreads profile rtlsupport string synch sysinfo timezone util`.split(
    /\s+/,
  );

/** Names of libraries, without `.dll`. */
export function librariesOf(family: SampleFamily): readonly string[] {
  return family === 'nanoserver' ? nanoLibraries : [...nanoLibraries, ...coreLibraries];
}

/** Names of programs, without `.exe`. */
export function programsOf(family: SampleFamily): readonly string[] {
  return family === 'nanoserver' ? nanoPrograms : [...nanoPrograms, ...corePrograms];
}

/** Libraries of the API sets, with `.dll`; they stand in `downlevel`. */
export const apiSetFiles: readonly string[] = apiSets.map(
  name => `api-ms-win-core-${name}-l1-1-0.dll`,
);

/** What a library imports: the lowest ones little, all others from these. */
export function importsOf(name: string): readonly (readonly [library: string, symbol: string])[] {
  switch (name) {
    case 'ntdll':
      return [];
    case 'KernelBase':
    case 'ucrtbase':
      return [['ntdll.dll', 'RtlAllocateHeap']];
    case 'kernel32':
      return [
        ['ntdll.dll', 'NtClose'],
        ['KERNELBASE.dll', 'CreateFileW'],
      ];
    default:
      return [
        ['KERNEL32.dll', 'GetLastError'],
        ['msvcrt.dll', 'memcpy'],
        ['ntdll.dll', 'RtlCaptureContext'],
      ];
  }
}
