import type { Detection, ProjectFiles } from './detection.ts';
import { detectDotnet } from './dotnet.ts';
import { detectGo } from './go.ts';
import { detectJava } from './java.ts';
import { detectNode } from './node.ts';
import { detectExe, detectPowershell, detectSite } from './other.ts';
import { detectPython } from './python.ts';
import { detectRust } from './rust.ts';

/**
 * What decides first: a project file of .NET beside a package.json is a web program with a few scripts, and a site, a
 * script or an EXE beside any of them is a part of it.
 */
const detectors: readonly ((files: ProjectFiles) => Detection | undefined)[] = [
  detectDotnet,
  detectGo,
  detectRust,
  detectJava,
  detectNode,
  detectPython,
  detectSite,
  detectExe,
  detectPowershell,
];

/** Tells what a folder is, the likeliest first. Pure. */
export function detectProject(files: ProjectFiles): readonly Detection[] {
  return detectors.flatMap(detect => detect(files) ?? []);
}
