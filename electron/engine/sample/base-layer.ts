import { addServicedFile, addText, binaryFile, system32 } from './components.ts';
import { attributes, createSampleTree, type SampleTree, type SampleEntry } from './sample-tree.ts';
import { bootConfigurationHive, configHives, userHive } from './sample-hives.ts';
import type { SampleVersion } from './sample-version.ts';
import { filler } from './seeded-bytes.ts';
import { apiSetFiles, librariesOf, programsOf } from './windows-files.ts';

const { hidden, system, readOnly } = attributes;
const shared = { security: 'shared' } as const;

/** The base layer of a version: the files of its volume, and the utility VM that Hyper-V isolation starts. */
export function baseLayer(version: SampleVersion): SampleEntry[] {
  const tree = createSampleTree(version.time);
  addWindows(tree, version);
  addProfiles(tree, version);
  addVolumeRoot(tree, version);
  addUnusualNames(tree);
  if (version.family === 'servercore') addServerCore(tree, version);
  addUtilityVm(tree, version);
  return tree.entries();
}

function addWindows(tree: SampleTree, version: SampleVersion): void {
  for (const [index, name] of librariesOf(version.family).entries()) {
    if (index % 3 === 0) addServicedFile(tree, version, `${name}.dll`);
    else tree.file(`${system32}/${name}.dll`, binaryFile(version, `${name}.dll`));
  }
  for (const name of programsOf(version.family)) {
    tree.file(`${system32}/${name}.exe`, binaryFile(version, `${name}.exe`));
  }
  for (const fileName of apiSetFiles) {
    tree.file(`${system32}/downlevel/${fileName}`, binaryFile(version, fileName));
  }
  tree.directory(`${system32}/config`, { security: 'system' });
  for (const [fileName, bytes] of configHives(version)) {
    tree.file(`${system32}/config/${fileName}`, bytes, { security: 'system' });
  }
  addText(tree, `${system32}/drivers/etc/hosts`, '# sample\n127.0.0.1 localhost\n');
  addText(tree, `${system32}/drivers/etc/services`, 'http 80/tcp\nhttps 443/tcp\n');
  tree.file('Files/Windows/Globalization/ICU/icudtl.dat', filler(96 * 1024));
  addText(tree, 'Files/Windows/win.ini', '; for 16-bit app support\n[fonts]\n[extensions]\n');
  tree.directory('Files/Windows/Temp', shared);
}

function addProfiles(tree: SampleTree, { time }: SampleVersion): void {
  const profiles = ['ContainerAdministrator', 'ContainerUser', 'Default'];
  tree.directory('Files/Users', shared);
  for (const profile of profiles) {
    const folder = `Files/Users/${profile}`;
    const security = profile === 'ContainerUser' ? 'user' : 'system';
    tree.directory(folder, { security, ...(profile === 'Default' ? { attributes: hidden } : {}) });
    tree.directory(`${folder}/AppData`, { security, attributes: hidden });
    tree.directory(`${folder}/AppData/Local/Temp`, { security });
    tree.directory(`${folder}/AppData/Roaming`, { security });
    tree.file(`${folder}/NTUSER.DAT`, userHive(time), { security, attributes: hidden | system });
    tree.link(`${folder}/Application Data`, `C:\\Users\\${profile}\\AppData\\Roaming`, 'junction');
  }
  tree.directory('Files/Users/Public', shared);
  addText(
    tree,
    'Files/Users/Public/desktop.ini',
    '[.ShellClassInfo]\nLocalizedResourceName=Public\n',
    { ...shared, attributes: hidden | system },
  );
  tree.link('Files/Users/All Users', 'C:\\ProgramData', 'directory');
  tree.link('Files/Users/Default User', 'C:\\Users\\Default', 'junction');
  tree.link('Files/Documents and Settings', 'C:\\Users', 'junction');
}

function addVolumeRoot(tree: SampleTree, version: SampleVersion): void {
  const notice = `This is a sample made by Layerwright in the form of a Windows base image (${version.text}).
It contains no Windows and cannot run.
`;
  addText(tree, 'Files/License.txt', notice, { attributes: readOnly });
  tree.directory('Files/Program Files/Common Files', shared);
  tree.directory('Files/ProgramData', { ...shared, attributes: hidden });
  addText(tree, 'Files/ProgramData/Microsoft/sample.txt', notice, shared);
}

/** What every reader of layers has to survive. */
function addUnusualNames(tree: SampleTree): void {
  const folder = 'Files/Users/Public/Documents';
  tree.directory(folder, shared);
  for (const name of ['Grüße aus Köln', 'Привет', '日本語のファイル名', 'naïve café 🎉']) {
    addText(tree, `${folder}/${name}.txt`, `${name}\n`, shared);
  }
  const deep = Array.from({ length: 9 }, (_, level) => `a folder with a rather long name ${level}`);
  addText(tree, `${folder}/${deep.join('/')}/at the end.txt`, 'over 255 characters\n', shared);
  addText(tree, `${folder}/${'long name '.repeat(20)}end.txt`, 'over 200 characters\n', shared);
  addText(tree, `${folder}/downloaded.txt`, 'from elsewhere\n', shared);
  const zone = Buffer.from('[ZoneTransfer]\r\nZoneId=3\r\n');
  tree.stream(`${folder}/downloaded.txt`, 'Zone.Identifier', zone);
  tree.link(`${folder}/link.txt`, 'downloaded.txt', 'file');
}

function addServerCore(tree: SampleTree, version: SampleVersion): void {
  const framework = 'Files/Windows/Microsoft.NET/Framework64/v4.0.30319';
  for (const fileName of ['clr.dll', 'clrjit.dll', 'mscorlib.dll', 'System.dll', 'csc.exe']) {
    tree.file(`${framework}/${fileName}`, binaryFile(version, fileName));
  }
  addText(tree, `${framework}/Config/machine.config`, '<configuration>\n</configuration>\n');
  const powershell = `${system32}/WindowsPowerShell/v1.0`;
  tree.file(`${powershell}/powershell.exe`, binaryFile(version, 'powershell.exe'));
  for (const module of ['Management', 'Security', 'Utility']) {
    const name = `Microsoft.PowerShell.${module}`;
    addText(tree, `${powershell}/Modules/${name}/${name}.psd1`, `@{ ModuleVersion = '3.1' }\n`);
  }
  for (const fileName of ['w3wp.exe', 'appcmd.exe', 'iiscore.dll']) {
    tree.file(`${system32}/inetsrv/${fileName}`, binaryFile(version, fileName));
  }
  tree.directory('Files/inetpub/logs/LogFiles', shared);
  addText(
    tree,
    'Files/inetpub/wwwroot/iisstart.htm',
    '<!doctype html>\n<title>IIS</title>\n',
    shared,
  );
  tree.directory('Files/Program Files (x86)/Common Files', shared);
  for (const font of ['arial', 'consola', 'segoeui', 'tahoma']) {
    tree.file(`Files/Windows/Fonts/${font}.ttf`, filler(24 * 1024));
  }
}

function addUtilityVm(tree: SampleTree, version: SampleVersion): void {
  const boot = 'UtilityVM/Files/EFI/Microsoft/Boot';
  tree.file(`${boot}/BCD`, bootConfigurationHive(version.time));
  for (const fileName of ['BCD.LOG', 'BCD.LOG1', 'BCD.LOG2']) {
    tree.file(`${boot}/${fileName}`, new Uint8Array(0), { attributes: hidden | system });
  }
  tree.file(`${boot}/bootmgfw.efi`, binaryFile(version, 'bootmgfw.efi'));
  const vmSystem = 'UtilityVM/Files/Windows/System32';
  for (const fileName of ['ntoskrnl.exe', 'hal.dll', 'winload.efi', 'ntdll.dll', 'smss.exe']) {
    tree.file(`${vmSystem}/${fileName}`, binaryFile(version, fileName));
  }
  for (const [fileName, bytes] of configHives(version)) {
    tree.file(`${vmSystem}/config/${fileName}`, bytes, { security: 'system' });
  }
}
