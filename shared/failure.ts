import { buildWording, type BuildFailure } from './build-failure.ts';
import { chainWording, type ChainFailure } from './chain-failure.ts';
import { hostWording, type HostFailure } from './host-failure.ts';
import { registryWording, type RegistryFailure } from './registry-failure.ts';
import { storageWording, type StorageFailure } from './storage-failure.ts';
import { transferWording, type TransferFailure } from './transfer-failure.ts';

/** Every way in which the app can fail. Plain data, so that it crosses IPC unharmed. */
export type Failure =
  | BuildFailure
  | ChainFailure
  | HostFailure
  | RegistryFailure
  | StorageFailure
  | TransferFailure
  | { readonly code: 'cancelled' }
  | { readonly code: 'bug'; readonly message: string; readonly stack?: string }
  | { readonly code: 'bad-request'; readonly field: string; readonly problem: string }
  | {
      readonly code: 'file-system';
      readonly path: string;
      readonly operation: string;
      readonly errno: string;
    }
  | { readonly code: 'disk-full'; readonly path: string }
  /** The window's host went away while a request was under way, or cannot be reached. */
  | { readonly code: 'connection-lost' }
  /** The person said no to Windows' question, or may not be asked. */
  | { readonly code: 'elevation-refused' }
  /** The elevated engine ended, or never came. */
  | { readonly code: 'engine-gone' }
  /** A path outside what the user opened. */
  | { readonly code: 'path-refused'; readonly path: string; readonly allowed: readonly string[] }
  | { readonly code: 'no-project' }
  /** Nothing in a folder says what it is; `onlyWithRun`: what fits has RUN, and a template without was asked for. */
  | { readonly code: 'project-unknown'; readonly path: string; readonly onlyWithRun: boolean }
  /** The renderer bundle that `serve` would show is not there. */
  | { readonly code: 'not-bundled'; readonly path: string }
  | { readonly code: 'not-a-folder'; readonly path: string }
  /** What was dropped on the window is neither a folder nor a file that the editor opens. */
  | { readonly code: 'drop-refused'; readonly path: string }
  /** The file on disk is no longer the one that was read. */
  | { readonly code: 'file-changed'; readonly file: string }
  | { readonly code: 'file-not-text'; readonly file: string }
  /** Sizes are in bytes. */
  | {
      readonly code: 'file-too-large';
      readonly file: string;
      readonly size: number;
      readonly limit: number;
    }
  /** Something stands where we would have to overwrite it. */
  | { readonly code: 'file-exists'; readonly path: string }
  /** Content is not what its descriptor says: other bytes, cut off, or too long (`actualSize` then only a lower bound). */
  | {
      readonly code: 'blob-mismatch';
      readonly expected: string;
      readonly expectedSize: number;
      readonly actual: string;
      readonly actualSize: number;
    }
  | { readonly code: 'blob-missing'; readonly digest: string }
  /** A file, or a key of the registry, that is asked for and that the image lacks. */
  | {
      readonly code: 'not-in-image';
      readonly what: 'file' | 'registry-key';
      readonly path: string;
    }
  /** A manifest, index or config that breaks its specification; `field` is a path such as `layers[2].digest`. */
  | {
      readonly code: 'image-invalid';
      readonly digest: string;
      readonly field: string;
      readonly problem: string;
    }
  | {
      readonly code: 'reference-invalid';
      readonly reference: string;
      readonly part: 'reference' | 'registry' | 'repository' | 'tag' | 'digest';
      readonly problem: string;
    }
  | { readonly code: 'platform-invalid'; readonly platform: string; readonly problem: string }
  | {
      readonly code: 'platform-missing';
      readonly digest: string;
      readonly wanted: string;
      readonly offered: readonly string[];
    }
  | { readonly code: 'image-missing'; readonly reference: string }
  | { readonly code: 'settings-invalid'; readonly path: string; readonly problem: string }
  | { readonly code: 'archive-invalid'; readonly path: string; readonly problem: string }
  /** An entry that may not be written into a layer; `path` is its name in the layer's tar. */
  | { readonly code: 'layer-entry-refused'; readonly path: string; readonly problem: string }
  /** Content did not have the size (bytes) that its entry announced: the file changed while it was read. */
  | {
      readonly code: 'layer-content-size';
      readonly path: string;
      readonly expected: number;
      readonly actual: number;
    }
  | { readonly code: 'compression-unavailable'; readonly compression: string }
  /** A layer whose tar cannot be read; `offset` is in bytes of the uncompressed tar, `entry` what is there. */
  | {
      readonly code: 'layer-malformed';
      readonly digest: string;
      readonly offset: number;
      readonly entry: string;
      readonly problem: string;
    }
  /** A worker thread ended in the middle of its task. */
  | { readonly code: 'worker-died'; readonly task: string; readonly problem: string }
  | {
      readonly code: 'diff-id-mismatch';
      readonly digest: string;
      readonly expected: string;
      readonly actual: string;
    }
  /** `offset` counts bytes of the binary form, or characters of SDDL text. */
  | {
      readonly code: 'security-descriptor-invalid';
      readonly offset: number;
      readonly problem: string;
    }
  /** Rules of `inspect --fail-on` or of a file of rules that make no sense; lines count from 1. */
  | {
      readonly code: 'gate-invalid';
      readonly problem: string;
      readonly file?: string;
      readonly line?: number;
    }
  /** A registry hive (regf) that breaks its format; `offset` counts bytes from the start of the file. */
  | { readonly code: 'hive-invalid'; readonly offset: number; readonly problem: string }
  /** Credentials for which there is no safe place. `reason` is a clause without a full stop. */
  | { readonly code: 'sign-in-not-kept'; readonly registry: string; readonly reason: string };

/** What a person is told: what happened, and what to do about it. */
export interface Explanation {
  readonly message: string;
  readonly advice?: string;
}

type Wording = {
  readonly [C in Failure['code']]: (failure: Extract<Failure, { code: C }>) => Explanation;
};

const wording: Wording = {
  ...buildWording,
  ...chainWording,
  ...hostWording,
  ...registryWording,
  ...storageWording,
  ...transferWording,
  cancelled: () => ({ message: 'Cancelled.' }),
  bug: ({ message }) => ({
    message: `Something went wrong inside Layerwright: ${message}`,
    advice: 'This is a bug. Please report it with the log of this action.',
  }),
  'bad-request': ({ field, problem }) => ({ message: `${field}: ${problem}` }),
  'not-in-image': ({ what, path }) =>
    what === 'file'
      ? {
          message: `No layer of the image has ${path}.`,
          advice:
            'Search for its name: "layerwright files IMAGE NAME", where * stands for anything.',
        }
      : {
          message: `The registry of the image has no key ${path}.`,
          advice: 'Look at the key above it for what is there; without a key the hives are listed.',
        },
  'file-system': ({ operation, path, errno }) => ({
    message: `Cannot ${operation} ${path} (${errno}).`,
    ...adviceFor(errno),
  }),
  'file-exists': ({ path }) => ({
    message: `${path} exists already and is not overwritten.`,
    advice: 'Choose another name, or remove the file first.',
  }),
  'disk-full': ({ path }) => ({
    message: `The disk is full: ${path} could not be written.`,
    advice: 'Free some space, or choose a store on another disk with LAYERWRIGHT_STORE.',
  }),
  'elevation-refused': () => ({
    message: 'The engine was not allowed to run as administrator, so Windows builds nothing here.',
    advice:
      'Build again and answer Yes to the question of Windows. Dockerfiles without RUN build with the portable backend, which needs no rights.',
  }),
  'engine-gone': () => ({
    message: 'The elevated engine has ended, or did not answer.',
    advice: 'Build again: it is started anew. Steps that were finished come from the cache.',
  }),
  'connection-lost': () => ({
    message: 'The connection to Layerwright is lost.',
    advice: 'It is tried again by itself. If this stays, start "layerwright serve" again.',
  }),
  'path-refused': ({ path, allowed }) => ({
    message: `${path} is outside what you opened.`,
    advice:
      allowed.length === 0
        ? 'Choose it in the dialog, or open the folder first.'
        : `Allowed here: ${allowed.join(', ')}. Start with --root to allow another folder.`,
  }),
  'no-project': () => ({
    message: 'No folder is open.',
    advice: 'Open a folder with a Dockerfile first.',
  }),
  'project-unknown': ({ path, onlyWithRun }) => ({
    message: onlyWithRun
      ? `What fits ${path} needs RUN, and no template without it does.`
      : `Nothing in ${path} says what it is.`,
    advice: 'Choose a template with --template; --list names them all.',
  }),
  'not-bundled': ({ path }) => ({
    message: `The app is not bundled: ${path} is missing.`,
    advice: 'Run "npm run build" in the folder of Layerwright, or start it with "npm start".',
  }),
  'not-a-folder': ({ path }) => ({ message: `${path} is not a folder.` }),
  'drop-refused': ({ path }) => ({
    message: `${path} cannot be opened here.`,
    advice:
      'Drop a folder with a Dockerfile, a Dockerfile itself, or an archive of images (.tar, .oci, .ociarchive).',
  }),
  'file-changed': ({ file }) => ({
    message: `${file} was changed by another program since it was opened.`,
    advice: 'Compare and reload it, or save your text under another name.',
  }),
  'file-not-text': ({ file }) => ({
    message: `${file} is not a text file in UTF-8.`,
    advice: 'Save it as UTF-8 in another editor, then open it again.',
  }),
  'file-too-large': ({ file, size, limit }) => ({
    message: `${file} has ${size} bytes; at most ${limit} can be edited here.`,
  }),
  'blob-mismatch': ({ expected, expectedSize, actual, actualSize }) => ({
    message: `Content is not what was asked for: expected ${expected} (${expectedSize} bytes), got ${actual} (${actualSize} bytes).`,
    advice: 'The copy is damaged or was cut off. Fetch or import the image again.',
  }),
  'blob-missing': ({ digest }) => ({
    message: `The content ${digest} is not here.`,
    advice: 'Pull or import the image again to bring it back.',
  }),
  'image-invalid': ({ digest, field, problem }) => ({
    message: `${digest} is not a valid image: ${field}: ${problem}`,
  }),
  'reference-invalid': ({ reference, part, problem }) => ({
    message: `"${reference}" is not an image reference: the ${part} ${problem}`,
    advice:
      'A reference is [registry[:port]/]repository[:tag][@digest], with the repository in lower case.',
  }),
  'platform-invalid': ({ platform, problem }) => ({
    message: `"${platform}" is not a platform: ${problem}`,
    advice:
      'A platform is os[(os.version)]/architecture[/variant], such as windows(10.0.20348)/amd64.',
  }),
  'platform-missing': ({ digest, wanted, offered }) => ({
    message: `${digest} has no image for ${wanted}.`,
    advice: offered.length === 0 ? 'It lists no image.' : `It has: ${offered.join(', ')}.`,
  }),
  'image-missing': ({ reference }) => ({
    message: `There is no image ${reference} in the store.`,
    advice: 'List the images that are there with "layerwright images".',
  }),
  'settings-invalid': ({ path, problem }) => ({
    message: `The settings in ${path} cannot be used: ${problem}`,
    advice: 'Correct the file, or delete it to begin with the defaults.',
  }),
  'archive-invalid': ({ path, problem }) => ({
    message: `${path} is not an image archive that can be read: ${problem}`,
  }),
  'layer-entry-refused': ({ path, problem }) => ({
    message: `${path} cannot be put into a layer: ${problem}.`,
  }),
  'layer-content-size': ({ path, expected, actual }) => ({
    message: `${path} changed while it was read: it had ${expected} bytes, but ${actual > expected ? 'more' : `only ${actual}`} came.`,
    advice: 'Let whatever writes that file finish, then build again.',
  }),
  'compression-unavailable': ({ compression }) => ({
    message: `This Node.js cannot write ${compression}.`,
    advice: 'Use Node.js 24 or newer, or choose gzip.',
  }),
  'layer-malformed': ({ digest, offset, entry, problem }) => ({
    message: `Layer ${digest} cannot be read: ${entry === '' ? '' : `${entry}: `}${problem} (at byte ${offset} of its tar).`,
    advice: 'The layer is damaged or was made by a faulty tool. Pull or build it again.',
  }),
  'diff-id-mismatch': ({ digest, expected, actual }) => ({
    message: `Layer ${digest} holds other content than its image says: expected diff ID ${expected}, got ${actual}.`,
    advice: 'The image config and its layers do not belong together. Pull or build it again.',
  }),
  'worker-died': ({ task, problem }) => ({
    message: `A worker thread ended while it should ${task}: ${problem}.`,
    advice: 'Try again. If it happens again, memory may be short, or it is a bug worth reporting.',
  }),
  'security-descriptor-invalid': ({ offset, problem }) => ({
    message: `Not a valid security descriptor: at offset ${offset}: ${problem}`,
  }),
  'hive-invalid': ({ offset, problem }) => ({
    message: `Not a valid registry hive: at offset ${offset}: ${problem}`,
    advice: 'The hive may be damaged or cut off. Fetch or import the image again.',
  }),
  'gate-invalid': ({ problem, file, line }) => ({
    message: `${file === undefined ? 'Rules' : `${file}:${line}`}: ${problem}.`,
    advice:
      'Rules are such as "waste>50MB,size>2GB,efficiency<0.9"; in a file "highest-wasted-bytes: 50MB", one a line.',
  }),
  'sign-in-not-kept': ({ registry, reason }) => ({
    message: `The sign-in to ${registry} is not kept: ${reason}.`,
    advice: `Set "credsStore" in Docker's config.json to a credential helper, or sign in with "layerwright login ${registry}" or "docker login ${registry}" in a terminal.`,
  }),
};

/** What to do about errors of the operating system that people can do something about. */
function adviceFor(errno: string): { readonly advice?: string } {
  switch (errno) {
    case 'EACCES':
    case 'EPERM':
      return { advice: 'You are not allowed to. Change its permissions, or use another place.' };
    case 'EROFS':
    case 'read-only':
      return {
        advice:
          'It is read-only. Make it writable, or use another place; LAYERWRIGHT_STORE names another store.',
      };
    case 'cannot open':
      return {
        advice:
          'Its folder may be read-only, or not yours. Make it writable, or choose another store with LAYERWRIGHT_STORE.',
      };
    case 'ENOENT':
      return { advice: 'It is not there, or a folder above it is not. Check the path.' };
    case 'EADDRINUSE':
      return { advice: 'Another program listens there. Choose another port.' };
    case 'EMFILE':
    case 'ENFILE':
      return { advice: 'Too many files are open. Close other programs, or raise the limit.' };
    default:
      return {};
  }
}

/** Words a failure. Together with `wording`, which has every code on purpose, the only place with wording. */
export function explain(failure: Failure): Explanation {
  const explainIt: (failure: never) => Explanation = wording[failure.code];
  return explainIt(failure as never);
}

/** A foreseen failure. Anything else that is thrown is a bug. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly failure: Failure;

  constructor(failure: Failure, options?: ErrorOptions) {
    super(explain(failure).message, options);
    this.failure = failure;
  }
}

/** Turns whatever was thrown into a failure. What we did not foresee is a bug, and is reported as one. */
export function failureOf(error: unknown): Failure {
  if (error instanceof AppError) return error.failure;
  if (!(error instanceof Error)) return { code: 'bug', message: String(error) };
  if (error.name === 'AbortError') return { code: 'cancelled' };
  return {
    code: 'bug',
    message: error.message,
    ...(error.stack === undefined ? {} : { stack: error.stack }),
  };
}
