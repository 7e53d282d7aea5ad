/** A code that Windows, HCS or HNS answers: its symbolic name and what it says, both as Microsoft's headers have them. */
export interface StatusCode {
  readonly code: number;
  readonly name: string;
  readonly meaning: string;
}

function table(rows: readonly (readonly [number, string, string])[]): readonly StatusCode[] {
  return rows.map(([code, name, meaning]) => ({ code, name, meaning }));
}

/** Win32 errors (winerror.h) that functions of files, layers, services and privileges answer. */
export const win32Errors: readonly StatusCode[] = table([
  [1, 'ERROR_INVALID_FUNCTION', 'the function is not supported here'],
  [2, 'ERROR_FILE_NOT_FOUND', 'the file was not found'],
  [3, 'ERROR_PATH_NOT_FOUND', 'the path was not found'],
  [5, 'ERROR_ACCESS_DENIED', 'access was denied'],
  [6, 'ERROR_INVALID_HANDLE', 'the handle is not valid any more'],
  [8, 'ERROR_NOT_ENOUGH_MEMORY', 'there is not enough memory'],
  [13, 'ERROR_INVALID_DATA', 'the data is not valid'],
  [21, 'ERROR_NOT_READY', 'the device is not ready'],
  [32, 'ERROR_SHARING_VIOLATION', 'another program has the file open'],
  [38, 'ERROR_HANDLE_EOF', 'the end of the file was reached'],
  [50, 'ERROR_NOT_SUPPORTED', 'this Windows does not support the request'],
  [80, 'ERROR_FILE_EXISTS', 'the file exists already'],
  [87, 'ERROR_INVALID_PARAMETER', 'a parameter is not valid'],
  [109, 'ERROR_BROKEN_PIPE', 'the other end of the pipe was closed'],
  [112, 'ERROR_DISK_FULL', 'the disk is full'],
  [122, 'ERROR_INSUFFICIENT_BUFFER', 'the buffer is too small'],
  [123, 'ERROR_INVALID_NAME', 'the name is not a valid path'],
  [126, 'ERROR_MOD_NOT_FOUND', 'a DLL was not found'],
  [127, 'ERROR_PROC_NOT_FOUND', 'a function of a DLL was not found'],
  [145, 'ERROR_DIR_NOT_EMPTY', 'the directory is not empty'],
  [170, 'ERROR_BUSY', 'it is in use'],
  [183, 'ERROR_ALREADY_EXISTS', 'it exists already'],
  [206, 'ERROR_FILENAME_EXCED_RANGE', 'the path is too long'],
  [258, 'WAIT_TIMEOUT', 'the wait took too long'],
  [1060, 'ERROR_SERVICE_DOES_NOT_EXIST', 'the service is not installed'],
  [1062, 'ERROR_SERVICE_NOT_ACTIVE', 'the service is not running'],
  [1167, 'ERROR_DEVICE_NOT_CONNECTED', 'the device is not connected'],
  [1168, 'ERROR_NOT_FOUND', 'it was not found'],
  [1300, 'ERROR_NOT_ALL_ASSIGNED', 'the account does not hold every privilege that was asked for'],
  [1313, 'ERROR_NO_SUCH_PRIVILEGE', 'there is no such privilege'],
  [1314, 'ERROR_PRIVILEGE_NOT_HELD', 'the account does not hold a privilege that this needs'],
  [1392, 'ERROR_FILE_CORRUPT', 'the file or directory is damaged'],
  [1450, 'ERROR_NO_SYSTEM_RESOURCES', 'Windows has run out of resources'],
  [1460, 'ERROR_TIMEOUT', 'it took too long'],
  [1722, 'RPC_S_SERVER_UNAVAILABLE', 'the service does not answer'],
  [4390, 'ERROR_NOT_A_REPARSE_POINT', 'the file is no reparse point'],
  [4392, 'ERROR_INVALID_REPARSE_DATA', 'the data of the reparse point is not valid'],
]);

/** HRESULTs of the Host Compute Service (HCSHResult in Microsoft's reference; 0xC037xxxx are the same as NT codes). */
export const hcsErrors: readonly StatusCode[] = table([
  [0x80370100, 'HCS_E_TERMINATED_DURING_START', 'it ended while it was starting'],
  [0x80370101, 'HCS_E_IMAGE_MISMATCH', 'the image does not fit the version of this Windows'],
  [0x80370102, 'HCS_E_HYPERV_NOT_INSTALLED', 'Hyper-V is not installed or not running'],
  [0x80370103, 'ERROR_VMCOMPUTE_OPERATION_PENDING', 'the request is still being worked on'],
  [0x80370105, 'HCS_E_INVALID_STATE', 'it is not in the state that the request needs'],
  [0x80370106, 'HCS_E_UNEXPECTED_EXIT', 'it ended unexpectedly'],
  [0x80370107, 'HCS_E_TERMINATED', 'it was ended'],
  [0x80370108, 'HCS_E_CONNECT_FAILED', 'no connection to the virtual machine could be made'],
  [0x80370109, 'HCS_E_CONNECTION_TIMEOUT', 'the virtual machine did not answer in time'],
  [0x8037010a, 'HCS_E_CONNECTION_CLOSED', 'the connection to the virtual machine was closed'],
  [0x8037010b, 'HCS_E_UNKNOWN_MESSAGE', 'a message of the virtual machine is not known'],
  [0x8037010c, 'HCS_E_UNSUPPORTED_PROTOCOL_VERSION', 'the virtual machine speaks another version'],
  [0x8037010d, 'HCS_E_INVALID_JSON', 'the document was refused'],
  [0x8037010e, 'HCS_E_SYSTEM_NOT_FOUND', 'the compute system does not exist'],
  [0x8037010f, 'HCS_E_SYSTEM_ALREADY_EXISTS', 'a compute system of this ID exists already'],
  [0x80370110, 'HCS_E_SYSTEM_ALREADY_STOPPED', 'the compute system has ended already'],
  [0x80370111, 'HCS_E_PROTOCOL_ERROR', 'the virtual machine answered something that is not valid'],
  [0x80370112, 'HCS_E_INVALID_LAYER', 'a layer is not valid'],
  [0x80370113, 'HCS_E_WINDOWS_INSIDER_REQUIRED', 'this needs an Insider build of Windows'],
  [0x80370114, 'HCS_E_SERVICE_NOT_AVAILABLE', 'the Host Compute Service does not run'],
  [0x80370115, 'HCS_E_OPERATION_NOT_STARTED', 'the operation was not started'],
  [0x80370116, 'HCS_E_OPERATION_ALREADY_STARTED', 'the operation was started before'],
  [0x80370117, 'HCS_E_OPERATION_PENDING', 'the operation is still under way'],
  [0x80370118, 'HCS_E_OPERATION_TIMEOUT', 'the operation took too long'],
  [0x80370119, 'HCS_E_OPERATION_SYSTEM_CALLBACK_ALREADY_SET', 'a callback was set before'],
  [0x8037011a, 'HCS_E_OPERATION_RESULT_ALLOCATION_FAILED', 'there was no memory for the result'],
  [0x8037011b, 'HCS_E_ACCESS_DENIED', 'the Host Compute Service refused access'],
  [0x8037011c, 'HCS_E_GUEST_CRITICAL_ERROR', 'the virtual machine crashed'],
  [0x8037011d, 'HCS_E_PROCESS_INFO_NOT_AVAILABLE', 'nothing is known about the process'],
  [0x8037011e, 'HCS_E_SERVICE_DISCONNECT', 'the Host Compute Service went away'],
  [0x8037011f, 'HCS_E_PROCESS_ALREADY_STOPPED', 'the process has ended already'],
  [0x80370120, 'HCS_E_SYSTEM_NOT_CONFIGURED_FOR_OPERATION', 'it was not set up for this'],
  [0x80370121, 'HCS_E_OPERATION_ALREADY_CANCELLED', 'the operation was cancelled'],
]);

/** HRESULTs of the Host Networking Service (winerror.h, FACILITY_HCN). */
export const hcnErrors: readonly StatusCode[] = table([
  [0x803b0001, 'HCN_E_NETWORK_NOT_FOUND', 'the network does not exist'],
  [0x803b0002, 'HCN_E_ENDPOINT_NOT_FOUND', 'the endpoint does not exist'],
  [0x803b0004, 'HCN_E_SWITCH_NOT_FOUND', 'the switch of the network does not exist'],
  [0x803b0005, 'HCN_E_SUBNET_NOT_FOUND', 'the network has no such subnet'],
  [0x803b0006, 'HCN_E_ADAPTER_NOT_FOUND', 'the network adapter does not exist'],
  [0x803b0007, 'HCN_E_PORT_NOT_FOUND', 'the port of the switch does not exist'],
  [0x803b000a, 'HCN_E_INVALID_NETWORK', 'the network is not valid'],
  [0x803b000c, 'HCN_E_INVALID_ENDPOINT', 'the endpoint is not valid'],
  [0x803b000d, 'HCN_E_INVALID_POLICY', 'a policy of the endpoint is not valid'],
  [0x803b0010, 'HCN_E_NETWORK_ALREADY_EXISTS', 'the network exists already'],
  [0x803b0013, 'HCN_E_PORT_ALREADY_EXISTS', 'the port exists already'],
  [0x803b0014, 'HCN_E_ENDPOINT_ALREADY_ATTACHED', 'the endpoint is attached already'],
  [0x803b0015, 'HCN_E_REQUEST_UNSUPPORTED', 'this Windows does not support the request'],
  [0x803b001a, 'HCN_E_REGKEY_FAILURE', 'its settings in the registry could not be changed'],
  [0x803b001b, 'HCN_E_INVALID_JSON', 'the document was refused'],
  [0x803b001e, 'HCN_E_INVALID_IP', 'the address is not valid'],
  [0x803b0020, 'HCN_E_MANAGER_STOPPED', 'the Host Networking Service is stopping'],
  [0x803b002a, 'HCN_E_ICS_DISABLED', 'Internet Connection Sharing is off'],
  [0x803b002b, 'HCN_E_ENDPOINT_NAMESPACE_ALREADY_EXISTS', 'the endpoint has a namespace already'],
  [0x803b002c, 'HCN_E_ENTITY_HAS_REFERENCES', 'something still uses it'],
  [0x803b002e, 'HCN_E_NAMESPACE_ATTACH_FAILED', 'the endpoint could not be put into the namespace'],
  [0x803b002f, 'HCN_E_ADDR_INVALID_OR_RESERVED', 'the address is in use or not of the network'],
]);

/** General HRESULTs (winerror.h). */
export const generalErrors: readonly StatusCode[] = table([
  [0x80004001, 'E_NOTIMPL', 'it is not implemented'],
  [0x80004002, 'E_NOINTERFACE', 'the interface is not supported'],
  [0x80004003, 'E_POINTER', 'a pointer is not valid'],
  [0x80004005, 'E_FAIL', 'it failed for an unnamed reason'],
  [0x8000ffff, 'E_UNEXPECTED', 'it failed unexpectedly'],
]);
