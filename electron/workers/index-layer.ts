import { parentPort } from 'node:worker_threads';
import { serveIndexing } from '../engine/layer/indexing/serve-indexing.ts';

/** A worker thread that indexes layers, one after the other. */
if (parentPort) serveIndexing(parentPort);
