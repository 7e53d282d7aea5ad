import type {
  ProgramArchitecture,
  ProgramImport,
  ProgramRow,
} from '../../../../shared/ipc/inspect-views.ts';
import type { LibrarySearch } from './library-search.ts';
import type { PeReading } from '../pe/pe-reader.ts';

/** A program or library of the image. */
export interface FoundProgram {
  readonly path: string;
  readonly layerIndex: number;
  readonly size: number;
  readonly reading: Exclude<PeReading, { kind: 'none' }>;
}

/** Where programs are to run. */
export interface ProgramPlace {
  /** As the image config has it: `amd64`, `arm64`. */
  readonly architecture: string;
  readonly hasWow64: boolean;
  readonly search: LibrarySearch;
}

/** Says whether a program would start in a place, as far as its headers tell. */
export function judgeProgram(program: FoundProgram, place: ProgramPlace): ProgramRow {
  const { path, layerIndex, size, reading } = program;
  if (reading.kind === 'damaged') {
    return {
      path,
      layerIndex,
      size,
      ...unknownFacts,
      problem: `Its header is damaged: ${reading.problem}.`,
    };
  }
  const { facts } = reading;
  const { architecture, managed, subsystem } = facts;
  const isDriver = subsystem === 'native' && !facts.isLibrary;
  const imports = facts.imports.map(each => resolved(each, program, place));
  return {
    path,
    layerIndex,
    size,
    kind: facts.isLibrary ? 'library' : isDriver ? 'driver' : 'program',
    architecture,
    managed,
    subsystem,
    imports,
    ...verdictOf(architecture, imports, { managed, place }),
  };
}

const unknownFacts = {
  kind: 'program',
  architecture: 'other',
  managed: false,
  subsystem: '',
  verdict: 'damaged',
  imports: [],
} as const;

function resolved(
  { library, delayed }: { readonly library: string; readonly delayed: boolean },
  { path, reading }: FoundProgram,
  { search }: ProgramPlace,
): ProgramImport {
  if (reading.kind !== 'pe')
    return { library, delayed, resolution: { kind: 'missing', optional: true } };
  const { facts } = reading;
  const resolution = search.resolve(library, {
    folder: path.slice(0, path.lastIndexOf('/')),
    isLibrary: facts.isLibrary,
    is32Bit: facts.architecture === 'x86',
  });
  // .NET loads managed libraries itself and does not need what their headers import.
  const isFormal = facts.managed && facts.isLibrary && /^mscoree\.dll$/i.test(library);
  if (resolution.kind !== 'missing') return { library, delayed, resolution };
  const optional = resolution.optional || delayed || isFormal;
  return { library, delayed, resolution: { kind: 'missing', optional } };
}

type Verdict = Pick<ProgramRow, 'verdict' | 'problem'>;

function verdictOf(
  architecture: ProgramArchitecture,
  imports: readonly ProgramImport[],
  { managed, place }: { readonly managed: boolean; readonly place: ProgramPlace },
): Verdict {
  const unsuited = architectureVerdict(architecture, place);
  if (unsuited) return unsuited;
  const missing = missingLibraries(imports);
  if (missing.length === 0) return { verdict: 'runs' };
  const framework = managed && missing.some(library => /^mscoree\.dll$/i.test(library));
  const reason = framework ? 'It needs .NET Framework, which this base lacks' : 'Not found';
  return { verdict: 'missing-libraries', problem: `${reason}: ${missing.join(', ')}.` };
}

/** Libraries without which the program does not start. */
export function missingLibraries(imports: readonly ProgramImport[]): string[] {
  return imports.flatMap(({ library, resolution }) =>
    resolution.kind === 'missing' && !resolution.optional ? [library] : [],
  );
}

function architectureVerdict(
  architecture: ProgramArchitecture,
  place: ProgramPlace,
): Verdict | undefined {
  if (architecture === 'any-cpu' || architecture === place.architecture) return undefined;
  if (architecture !== 'x86') {
    return {
      verdict: 'wrong-architecture',
      problem: `It is for ${architecture}, the image is for ${place.architecture}.`,
    };
  }
  if (place.hasWow64) return undefined;
  return {
    verdict: 'needs-wow64',
    problem: 'It is a 32-bit program, and the base has no Windows\\SysWOW64 to run such.',
  };
}
