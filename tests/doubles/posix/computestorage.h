/* TEST DOUBLE. The prototypes of computestorage.h (learn.microsoft.com), for gcc on Linux. */
#pragma once

#include "windows.h"

HRESULT WINAPI HcsImportLayer(PCWSTR layerPath, PCWSTR sourceFolderPath, PCWSTR layerData);
HRESULT WINAPI HcsExportLayer(PCWSTR layerPath, PCWSTR exportFolderPath, PCWSTR layerData, PCWSTR options);
HRESULT WINAPI HcsDestroyLayer(PCWSTR layerPath);
