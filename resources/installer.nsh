; Beside what electron-builder writes: the command on PATH, and "Open with" for archives. PowerShell edits PATH, because
; NSIS would cut a long one off.
!macro changePath ACTION
  ${if} $installMode == "all"
    nsExec::ExecToLog 'powershell.exe -NoProfile -ExecutionPolicy Bypass -File "$INSTDIR\resources\host\resources\path.ps1" ${ACTION} machine'
  ${else}
    nsExec::ExecToLog 'powershell.exe -NoProfile -ExecutionPolicy Bypass -File "$INSTDIR\resources\host\resources\path.ps1" ${ACTION} user'
  ${endif}
  SendMessage ${HWND_BROADCAST} ${WM_SETTINGCHANGE} 0 "STR:Environment" /TIMEOUT=5000
!macroend

!macro customInstall
  !insertmacro changePath add
  WriteRegStr SHCTX "Software\Classes\Applications\${APP_EXECUTABLE_FILENAME}\SupportedTypes" ".tar" ""
  WriteRegStr SHCTX "Software\Classes\Applications\${APP_EXECUTABLE_FILENAME}\SupportedTypes" ".oci" ""
!macroend

!macro customUnInstall
  !insertmacro changePath remove
  DeleteRegKey SHCTX "Software\Classes\Applications\${APP_EXECUTABLE_FILENAME}"
!macroend
