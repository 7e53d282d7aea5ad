import type { ErrorEntry } from './entry.ts';
import { issue } from './issue.ts';

const hcsErrors = 'https://learn.microsoft.com/virtualization/api/hcs/reference/hcshresult';
const versions =
  'https://learn.microsoft.com/virtualization/windowscontainers/deploy-containers/version-compatibility';

/** Errors of images, hosts and layers. */
export const containerErrors: readonly ErrorEntry[] = [
  {
    name: 'image-mismatch',
    title: 'The image is for another build of Windows than the host',
    codes: [0x80370101, 0xc0370101],
    texts: [
      /operating system (?:version )?(?:of the container image )?does not match (?:the )?host/i,
      /container operating system does not match the host/i,
      /ProcessUtilityVMImage .*(?:path|cannot find)/i,
    ],
    causes: ['With process isolation the build of the image and of the host must be the same.'],
    remedies: [
      'Use Hyper-V isolation, which takes images of the same or an older build.',
      'Or choose the tag of the base image whose os.version fits the host: the base browser shows which one does.',
    ],
    source: versions,
  },
  {
    name: 'image-newer-than-host',
    title: 'The image is newer than the host',
    texts: [/10\.0\.\d+-based image is incompatible with (?:a )?10\.0\.\d+ host/i],
    causes: ['A host never runs images of a newer build, whatever the isolation.'],
    remedies: ['Choose an older tag of the base image, or update the host.'],
    source: versions,
  },
  {
    name: 'no-matching-manifest',
    title: 'The tag has no image for this platform',
    texts: [/no matching manifest for windows/i, /no match for platform in manifest/i],
    causes: [
      'The index of the tag has no entry with the os.version of the host.',
      'The daemon is set to Linux containers, or the image exists for Linux only.',
    ],
    remedies: [
      'Look at the tag in the base browser, or run "layerwright manifest <image>": it lists every os.version.',
      'Take a tag with the right Windows part, or name it: --platform "windows(10.0.20348)/amd64".',
    ],
    source: versions,
  },
  {
    name: 'hyper-v-not-installed',
    title: 'Hyper-V is not there',
    codes: [0x80370102, 0xc0370102],
    causes: [
      'The feature is off, or virtualization is off in the firmware or for this virtual machine.',
    ],
    remedies: [
      'Turn the feature on as an administrator: Enable-WindowsOptionalFeature -Online -FeatureName Microsoft-Hyper-V -All',
      'In a virtual machine, allow nested virtualization: Set-VMProcessor -VMName <name> -ExposeVirtualizationExtensions $true',
    ],
    source: hcsErrors,
  },
  {
    name: 'terminated-during-start',
    title: 'The container ended while it was starting',
    codes: [0x80370100, 0xc0370100],
    causes: ['A device, layer or network of the container could not be set up.'],
    remedies: [
      'Look at the Hyper-V-Compute log of the event viewer for the first error.',
      'Try the other isolation.',
    ],
    source: hcsErrors,
  },
  {
    name: 'container-exited',
    title: 'The container or its virtual machine ended unexpectedly',
    codes: [0x80370106, 0xc0370106, 0x80370107, 0xc0370107],
    causes: ['Not enough memory for the virtual machine, or the host was shutting down.'],
    remedies: ['Give it more memory, and look at the Hyper-V-Worker log of the event viewer.'],
    source: hcsErrors,
  },
  {
    name: 'hcs-connection',
    title: 'The connection to the virtual machine of the container failed',
    codes: [0x80370108, 0x80370109, 0x8037010a, 0xc0370108, 0xc0370109, 0xc037010a],
    causes: ['The machine is too slow or overloaded, or the image does not fit the host.'],
    remedies: [
      'Try again with fewer containers; check the os.version of the image against the host.',
    ],
    source: hcsErrors,
  },
  {
    name: 'hcs-invalid-document',
    title: 'The configuration of the container was refused',
    codes: [0x8037010d, 0xc037010d],
    causes: ['The JSON document has a member that this build of Windows does not know.'],
    remedies: [
      'Report it with the log of the build: this is the fault of the program, not of the image.',
    ],
    source: hcsErrors,
  },
  {
    name: 'hcs-system-not-found',
    title: 'The container is no longer there',
    codes: [0x8037010e, 0xc037010e, 0x80370110, 0xc0370110, 0x8037011f],
    causes: ['It has ended already, or another program ended it.'],
    remedies: ['Start the step again.'],
    source: hcsErrors,
  },
  {
    name: 'hcs-already-exists',
    title: 'A container of this name exists already',
    codes: [0x8037010f, 0xc037010f, 0x80370119],
    causes: ['An earlier run was killed and left it behind.'],
    remedies: [
      'Remove it (hcsdiag list, hcsdiag kill <id>), or restart the service: Restart-Service vmcompute',
    ],
    source: hcsErrors,
  },
  {
    name: 'hcs-invalid-layer',
    title: 'A layer is damaged or incomplete',
    codes: [0x80370112, 0xc0370112],
    causes: ['The store was changed by hand, or an import was cut off.'],
    remedies: ['Remove the image and pull it again.'],
    source: hcsErrors,
  },
  {
    name: 'hcs-not-available',
    title: 'The Host Compute Service does not answer',
    codes: [0x80370114, 0xc0370114, 0x8037011e, 0xc037011e],
    causes: ['The Containers feature is off, or the service vmcompute is stopped.'],
    remedies: [
      'Turn the feature on as an administrator: Enable-WindowsOptionalFeature -Online -FeatureName Containers -All',
      'Start the service: Start-Service vmcompute',
    ],
    source: hcsErrors,
  },
  {
    name: 'hcs-access-denied',
    title: 'The Host Compute Service refused access',
    codes: [0x8037011b, 0xc037011b],
    causes: [
      'The program is not elevated, or the user is not in the group Hyper-V Administrators.',
    ],
    remedies: ['Run it as an administrator.'],
    source: hcsErrors,
  },
  {
    name: 'hcs-timeout',
    title: 'The Host Compute Service took too long',
    codes: [0x80370118, 0xc0370118],
    causes: ['The host is overloaded, or a virus scanner looks at every file of a layer.'],
    remedies: [
      'Leave the store out of the scans of Windows: Add-MpPreference -ExclusionPath <store>',
      'Try again with fewer builds at a time.',
    ],
    source: hcsErrors,
  },
  {
    name: 'hcs-invalid-state',
    title: 'The container is not in the state that this needs',
    codes: [0x80370105, 0xc0370105],
    causes: ['It is still starting, or ending already.'],
    remedies: ['Try again. If it stays, restart the service: Restart-Service vmcompute'],
    source: hcsErrors,
  },
  {
    name: 'guest-crashed',
    title: 'The virtual machine of the container crashed',
    codes: [0x8037011c],
    causes: ['Too little memory, or the UtilityVM of the base image does not fit the host.'],
    remedies: [
      'Give the step more memory: --memory 4g',
      'Take a base image that is newer, but not newer than the host.',
    ],
    source: hcsErrors,
  },
  {
    name: 'privilege-not-held',
    title: 'The account does not hold a privilege that layers need',
    codes: [0x80070522, 0x80070514],
    causes: ['The program is not elevated: layers need SeBackupPrivilege and SeRestorePrivilege.'],
    remedies: ['Start it as an administrator: Start-Process powershell -Verb RunAs'],
    source: 'https://learn.microsoft.com/windows/win32/secauthz/privilege-constants',
  },
  {
    name: 'layer-in-use',
    title: 'Another program has a file of the layer open',
    texts: [
      /(?:Layer|BaseImage|UtilityImage)\b.{0,300}(?:0x80070020|being used by another process)/i,
    ],
    causes: [
      'A virus scanner, a backup or the search index reads the store.',
      'A container of the layer, or its template virtual machine, still runs.',
    ],
    remedies: [
      'Leave the store out of the scans of Windows: Add-MpPreference -ExclusionPath <store>',
      'See which containers run, and end those that nobody needs: hcsdiag list',
    ],
    source: issue('microsoft/hcsshim', 835),
  },
  {
    name: 'import-layer-path-not-found',
    title: 'A layer could not be imported: path not found (0x3)',
    texts: [/ImportLayer.*(?:0x3\b|path specified)/i, /failed to register layer.*0x3\b/i],
    causes: [
      'Files that belong to TrustedInstaller stand in the way.',
      'The disk or the scratch is full.',
      'The step before was killed.',
      'The store is damaged.',
    ],
    remedies: [
      'Check the free space first, then remove the image and pull it again.',
      'Try a store in another folder: --store <dir>.',
    ],
    source: issue('microsoft/hcsshim', 835),
  },
  {
    name: 'import-layer-name-too-long',
    title: 'A path in the layer is too long',
    codes: [0x800700ce, 0x8007006f],
    texts: [/ImportLayer.*(?:0xce\b|0x6f\b|file ?name.*too long)/i],
    causes: [
      'The folder of the store and the path in the image are longer than 260 characters together.',
    ],
    remedies: [
      'Use a store with a short path, such as C:\\lw, and shorten deep paths of the image.',
    ],
    source: issue('moby/moby', 22_449),
  },
  {
    name: 'prepare-layer-parameter',
    title: 'A layer could not be prepared: the parameter is incorrect (0x57)',
    texts: [/PrepareLayer.*(?:0x57\b|parameter is incorrect)/i],
    causes: [
      'The size of the scratch differs from the default, or a filter driver (antivirus, backup) is in the way.',
    ],
    remedies: ['Remove the size option, and look at the filters: fltmc filters'],
    source: issue('moby/moby', 39_524),
  },
  {
    name: 'disk-full',
    title: 'The disk is full',
    codes: [0x80070070],
    texts: [/not enough space on the disk/i, /\bENOSPC\b|no space left on device/i],
    causes: [
      'The scratch of a container has 20 GB if nothing else is said.',
      'The disk of the store is full.',
    ],
    remedies: [
      'Free space, or give the step a larger scratch.',
      'Let a step delete what it downloads.',
    ],
    source: issue('moby/moby', 34_947),
  },
  {
    name: 'windows-base-on-linux-daemon',
    title: 'A Windows base was unpacked by a Linux daemon',
    texts: [/link \/Files\/.*no such file/i],
    causes: ['A Linux engine cannot unpack the hard links of a Windows layer.'],
    remedies: [
      'Build with the portable backend of Layerwright, which writes Windows layers on any system.',
    ],
    source: issue('microsoft/Windows-Containers', 493),
  },
  {
    name: 'walk-protected-folder',
    title: 'A folder of Windows cannot be read',
    texts: [/failed to walk .*(?:System Volume Information|WcSandboxState)/i],
    causes: ['COPY --from of a whole drive meets folders that nobody may read.'],
    remedies: ['Copy the folders that you need, not the root of the drive.'],
    source: issue('moby/buildkit', 5193),
  },
  {
    name: 'invalid-mount-type',
    title: 'A mount of this kind is not known on Windows',
    texts: [/invalid windows mount type/i],
    causes: ['The builder mounts secrets as tmpfs, which Windows does not have.'],
    remedies: [
      'Use a newer BuildKit, or read the secret from a file of the context in a stage that is not kept.',
    ],
    source: issue('moby/buildkit', 5273),
  },
];
