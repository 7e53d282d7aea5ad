/**
 * Room for calls of Windows that take minutes (imports and exports of layers): each holds one of libuv's threads, of
 * which there are four by default and which files need as well. Imported first, because libuv reads the variable when
 * it starts its threads (docs.libuv.org/en/v1.x/threadpool.html).
 */
if (process.platform === 'win32') process.env['UV_THREADPOOL_SIZE'] ??= '16';
