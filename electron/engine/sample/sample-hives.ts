import { sddlToBinary } from '../../../shared/windows/security-descriptor.ts';
import {
  binaryValue,
  dwordValue,
  expandableValue,
  textsValue,
  textValue,
  type HiveValue,
} from '../hive/hive-value.ts';
import { encodeHive, type NewKey } from '../hive/hive-writer.ts';
import type { SampleVersion } from './sample-version.ts';

const securityDescriptor = sddlToBinary(
  'O:BAG:SYD:PAI(A;CI;KA;;;BA)(A;CI;KA;;;SY)(A;CI;KR;;;BU)(A;CI;KR;;;AC)',
);

type Subkeys = Readonly<Record<string, KeyContent>>;
interface KeyContent {
  readonly values?: readonly HiveValue[];
  readonly subkeys?: Subkeys;
}

function keyOf(name: string, content: KeyContent, modified: bigint): NewKey {
  const subkeys = Object.entries(content.subkeys ?? {});
  return {
    name,
    modified,
    values: content.values ?? [],
    subkeys: subkeys.map(([subkey, below]) => keyOf(subkey, below, modified)),
  };
}

function hive(fileName: string, content: KeyContent, modified: bigint): Uint8Array {
  return encodeHive(keyOf('ROOT', content, modified), { fileName, securityDescriptor });
}

/** Nests `content` below a path such as `Microsoft\Windows NT`. */
function at(path: string, content: KeyContent): Subkeys {
  const [first = '', ...rest] = path.split('\\');
  if (rest.length === 0) return { [first]: content };
  return { [first]: { subkeys: at(rest.join('\\'), content) } };
}

/** `Windows\System32\config` of a base: the full hives by file name. */
export function configHives(version: SampleVersion): ReadonlyMap<string, Uint8Array> {
  const { time } = version;
  return new Map([
    ['DEFAULT', hive('\\SystemRoot\\System32\\Config\\DEFAULT', userContent, time)],
    ['SAM', hive('\\SystemRoot\\System32\\Config\\SAM', samContent, time)],
    ['SECURITY', hive('\\SystemRoot\\System32\\Config\\SECURITY', securityContent, time)],
    ['SOFTWARE', hive('\\SystemRoot\\System32\\Config\\SOFTWARE', software(version), time)],
    ['SYSTEM', hive('SYSTEM', system(version), time)],
  ]);
}

/** `Hives` of an update: what it changes in the hives of the base. In the plain form; Windows marks more in its own. */
export function deltaHives(version: SampleVersion): ReadonlyMap<string, Uint8Array> {
  const { time } = version;
  const empty = (name: string): [string, Uint8Array] => [name, hive(name, {}, time)];
  return new Map([
    empty('DefaultUser_Delta'),
    empty('Sam_Delta'),
    empty('Security_Delta'),
    ['Software_Delta', hive('Software_Delta', software(version), time)],
    [
      'System_Delta',
      hive('System_Delta', { subkeys: at('ControlSet001\\Services', services) }, time),
    ],
  ]);
}

/** NTUSER.DAT of a profile. */
export function userHive(time: bigint): Uint8Array {
  return hive('\\Users\\NTUSER.DAT', userContent, time);
}

/** The store of boot settings that Hyper-V isolation needs in a utility VM. */
export function bootConfigurationHive(time: bigint): Uint8Array {
  const element = (value: HiveValue): KeyContent => ({ values: [value] });
  const bootManager = {
    values: [],
    subkeys: {
      Description: { values: [dwordValue('Type', 0x10_10_00_02)] },
      Elements: {
        subkeys: {
          '12000004': element(textValue('Element', 'Windows Boot Manager')),
          '23000003': element(textValue('Element', '{b2721d73-1db4-4c62-bf78-c548a880142d}')),
          '25000004': element(binaryValue('Element', new Uint8Array(8))),
        },
      },
    },
  };
  const loader = {
    subkeys: {
      Description: { values: [dwordValue('Type', 0x10_20_00_03)] },
      Elements: {
        subkeys: {
          '12000002': element(textValue('Element', '\\Windows\\System32\\winload.efi')),
          '22000002': element(textValue('Element', '\\Windows')),
        },
      },
    },
  };
  return hive(
    '\\EFI\\Microsoft\\Boot\\BCD',
    {
      subkeys: {
        Description: { values: [textValue('KeyName', 'BCD00000000')] },
        Objects: {
          subkeys: {
            '{9dea862c-5cdd-4e70-acc1-f32b344d4795}': bootManager,
            '{b2721d73-1db4-4c62-bf78-c548a880142d}': loader,
          },
        },
      },
    },
    time,
  );
}

function software(version: SampleVersion): KeyContent {
  const { build, revision } = version;
  const values = [
    textValue('CurrentBuild', String(build)),
    textValue('CurrentBuildNumber', String(build)),
    dwordValue('CurrentMajorVersionNumber', 10),
    dwordValue('CurrentMinorVersionNumber', 0),
    textValue('CurrentType', 'Multiprocessor Free'),
    textValue('CurrentVersion', '6.3'),
    textValue('DisplayVersion', version.displayVersion),
    textValue('EditionID', 'ServerDatacenter'),
    textValue('InstallationType', version.installationType),
    textValue('ProductName', `${version.productName} (Layerwright sample)`),
    textValue('SystemRoot', 'C:\\Windows'),
    dwordValue('UBR', revision),
  ];
  return {
    subkeys: {
      Layerwright: { subkeys: { Sample: { values: [textValue('Version', version.text)] } } },
      Microsoft: {
        subkeys: {
          'Windows NT': { subkeys: { CurrentVersion: { values } } },
          Windows: {
            subkeys: {
              CurrentVersion: { values: [textValue('ProgramFilesDir', 'C:\\Program Files')] },
            },
          },
        },
      },
    },
  };
}

function system(version: SampleVersion): KeyContent {
  const environment = [
    expandableValue('ComSpec', '%SystemRoot%\\system32\\cmd.exe'),
    textValue('OS', 'Windows_NT'),
    expandableValue('Path', version.searchPath),
    textValue('PATHEXT', '.COM;.EXE;.BAT;.CMD'),
    textValue('PROCESSOR_ARCHITECTURE', version.architecture === 'arm64' ? 'ARM64' : 'AMD64'),
    expandableValue('TEMP', '%SystemRoot%\\TEMP'),
    expandableValue('TMP', '%SystemRoot%\\TEMP'),
    expandableValue('windir', '%SystemRoot%'),
  ];
  const control = {
    subkeys: {
      ...at('ComputerName\\ComputerName', { values: [textValue('ComputerName', 'SAMPLE')] }),
      ...at('Nls\\CodePage', { values: [textValue('ACP', '1252'), textValue('OEMCP', '437')] }),
      ...at('Session Manager\\Environment', { values: environment }),
      ...at('TimeZoneInformation', { values: [textValue('TimeZoneKeyName', 'UTC')] }),
    },
  };
  return {
    subkeys: {
      ControlSet001: { subkeys: { Control: control, Services: services } },
      Select: {
        values: ['Current', 'Default', 'Failed', 'LastKnownGood'].map(name =>
          dwordValue(name, name === 'Failed' ? 0 : 1),
        ),
      },
    },
  };
}

function service(displayName: string, image: string, start: number): KeyContent {
  return {
    values: [
      textsValue('DependOnService', ['RpcSs']),
      textValue('DisplayName', displayName),
      expandableValue('ImagePath', `%SystemRoot%\\system32\\${image}`),
      textValue('ObjectName', 'LocalSystem'),
      dwordValue('Start', start),
      dwordValue('Type', 0x20),
    ],
  };
}

const services: KeyContent = {
  subkeys: {
    CExecSvc: service('Container Execution Agent', 'cexecsvc.exe', 2),
    Dnscache: service('DNS Client', 'svchost.exe -k NetworkService', 2),
    EventLog: service('Windows Event Log', 'svchost.exe -k LocalServiceNetworkRestricted', 2),
    LanmanServer: service('Server', 'svchost.exe -k netsvcs', 3),
    RpcSs: service('Remote Procedure Call (RPC)', 'svchost.exe -k rpcss', 2),
  },
};

const samContent: KeyContent = {
  subkeys: at('SAM\\Domains\\Account\\Users\\Names', {
    subkeys: Object.fromEntries(
      ['Administrator', 'DefaultAccount', 'Guest', 'WDAGUtilityAccount'].map(name => [name, {}]),
    ),
  }),
};

const securityContent: KeyContent = {
  subkeys: { Policy: { subkeys: { Accounts: {}, Domains: {}, Secrets: {} } } },
};

const userContent: KeyContent = {
  subkeys: {
    Environment: {
      values: ['TEMP', 'TMP'].map(name =>
        expandableValue(name, '%USERPROFILE%\\AppData\\Local\\Temp'),
      ),
    },
    ...at('Control Panel\\International', { values: [textValue('LocaleName', 'en-US')] }),
  },
};
