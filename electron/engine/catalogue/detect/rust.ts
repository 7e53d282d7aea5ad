import { firstThere, known, plainName, type Detection, type ProjectFiles } from './detection.ts';

/** A Cargo.toml makes a Rust program. */
export function detectRust(files: ProjectFiles): Detection | undefined {
  const text = files.text('Cargo.toml');
  if (text === undefined) return undefined;
  const { rust, why } = rustVersion(files);
  const name = plainName(nameIn(text, '[[bin]]') ?? nameIn(text, '[package]'));
  const lock = firstThere(files, ['Cargo.lock']);
  return {
    kind: 'rust',
    evidence: 'Cargo.toml',
    found: [
      why,
      name === undefined
        ? 'Cargo.toml names no program: put the name of the EXE into the last lines.'
        : `The program is ${name}.`,
      lock === undefined
        ? 'There is no Cargo.lock: crates may differ from one build to the next.'
        : 'Crates are those of Cargo.lock.',
    ],
    values: known({
      rust,
      name,
      exe: name && `${name}.exe`,
      locked: lock === undefined ? '' : 'yes',
    }),
  };
}

function rustVersion(files: ProjectFiles): { readonly rust: string; readonly why: string } {
  for (const file of ['rust-toolchain.toml', 'rust-toolchain']) {
    const text = files.text(file);
    const channel =
      /^\s*(?:channel\s*=\s*")?(stable|beta|nightly(?:-\d{4}-\d\d-\d\d)?|1\.\d{1,3}(?:\.\d{1,2})?)\b/m;
    const [, rust] = channel.exec(text ?? '') ?? [];
    if (rust !== undefined) return { rust, why: `Rust ${rust}, from ${file}.` };
  }
  return { rust: 'stable', why: 'Rust stable, because no rust-toolchain.toml says which one.' };
}

/** `name = "..."` below a heading, up to the next one. */
function nameIn(text: string, heading: string): string | undefined {
  const at = text.indexOf(heading);
  if (at < 0) return undefined;
  const [section = ''] = text.slice(at + heading.length).split(/^\s*\[/m);
  return /^\s*name\s*=\s*"([^"]{1,200})"/m.exec(section)?.[1];
}
