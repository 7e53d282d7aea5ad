; Beside what electron-builder writes: the command on PATH, and "Open with" for archives. The command edits PATH itself,
; because NSIS would cut a long one off.
!macro customInstall
  nsExec::ExecToLog '"$INSTDIR\resources\host\bin\layerwright.cmd" path add'
  WriteRegStr SHCTX "Software\Classes\Applications\${APP_EXECUTABLE_FILENAME}\SupportedTypes" ".tar" ""
  WriteRegStr SHCTX "Software\Classes\Applications\${APP_EXECUTABLE_FILENAME}\SupportedTypes" ".oci" ""
  SendMessage ${HWND_BROADCAST} ${WM_SETTINGCHANGE} 0 "STR:Environment" /TIMEOUT=5000
!macroend

!macro customUnInstall
  nsExec::ExecToLog '"$INSTDIR\resources\host\bin\layerwright.cmd" path remove'
  DeleteRegKey SHCTX "Software\Classes\Applications\${APP_EXECUTABLE_FILENAME}"
!macroend
