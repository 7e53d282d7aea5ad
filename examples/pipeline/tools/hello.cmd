@echo off
echo Hello from %SHOP_HOME%
