@echo off
rem What the container runs: greets, and says what it was built from.
echo %GREETING%
type "%APP_HOME%\site\version.txt"
