/** Where the rules' reasons can be read up. */
export const links = {
  dockerfile: 'https://docs.docker.com/reference/dockerfile/',
  windowsDockerfile:
    'https://learn.microsoft.com/virtualization/windowscontainers/manage-docker/manage-windows-dockerfile',
  baseImages:
    'https://learn.microsoft.com/virtualization/windowscontainers/manage-containers/container-base-images',
  versions:
    'https://learn.microsoft.com/virtualization/windowscontainers/deploy-containers/version-compatibility',
  lifecycle:
    'https://learn.microsoft.com/virtualization/windowscontainers/deploy-containers/base-image-lifecycle',
  updates:
    'https://learn.microsoft.com/virtualization/windowscontainers/deploy-containers/update-containers',
  optimize:
    'https://learn.microsoft.com/virtualization/windowscontainers/manage-docker/optimize-windows-dockerfile',
  security:
    'https://learn.microsoft.com/virtualization/windowscontainers/manage-containers/container-security',
  preferences:
    'https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_preference_variables',
  operators:
    'https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_pipeline_chain_operators',
  startProcess:
    'https://learn.microsoft.com/powershell/module/microsoft.powershell.management/start-process',
  webRequest:
    'https://learn.microsoft.com/powershell/module/microsoft.powershell.utility/invoke-webrequest',
  environment:
    'https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_environment_variables',
  aliases:
    'https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_aliases',
  setx: 'https://learn.microsoft.com/windows-server/administration/windows-commands/setx',
  start: 'https://learn.microsoft.com/windows-server/administration/windows-commands/start',
  set: 'https://learn.microsoft.com/windows-server/administration/windows-commands/set_1',
  msiexec: 'https://learn.microsoft.com/windows-server/administration/windows-commands/msiexec',
  bits: 'https://learn.microsoft.com/powershell/module/bitstransfer/start-bitstransfer',
  fileNames: 'https://learn.microsoft.com/windows/win32/fileio/naming-a-file',
  chocolatey: 'https://docs.chocolatey.org/en-us/choco/commands/install',
  winget: 'https://learn.microsoft.com/windows/package-manager/winget/',
  secrets: 'https://docs.docker.com/build/building/secrets/',
  cache: 'https://docs.docker.com/build/cache/optimize/',
} as const;
