# Puts the folder of the command `layerwright` on PATH, or takes it off. Run by the installer.
# Through the registry and not through [Environment], which would expand what others have written with %VARIABLES%.
param(
  [Parameter(Mandatory)] [ValidateSet('add', 'remove')] [string] $Action,
  [ValidateSet('user', 'machine')] [string] $Scope = 'user'
)
$ErrorActionPreference = 'Stop'
$folder = Join-Path (Split-Path -Parent $PSScriptRoot) 'bin'
if ($Scope -eq 'machine') {
  $key = [Microsoft.Win32.Registry]::LocalMachine.OpenSubKey('SYSTEM\CurrentControlSet\Control\Session Manager\Environment', $true)
} else {
  $key = [Microsoft.Win32.Registry]::CurrentUser.CreateSubKey('Environment')
}
try {
  $old = [string] $key.GetValue('Path', '', 'DoNotExpandEnvironmentNames')
  $parts = @($old -split ';' | Where-Object { $_ -ne '' -and $_.TrimEnd('\') -ine $folder })
  if ($Action -eq 'add') { $parts += $folder }
  $key.SetValue('Path', ($parts -join ';'), 'ExpandString')
} finally {
  $key.Dispose()
}
