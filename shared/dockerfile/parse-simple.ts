import type {
  ExposeInstruction,
  FromInstruction,
  MaintainerInstruction,
  StopsignalInstruction,
  UserInstruction,
  VolumeInstruction,
  Word,
  WorkdirInstruction,
} from './ast.ts';
import { error, replaceWith, warning } from './finding.ts';
import {
  flagsOf,
  isEmpty,
  jsonOrWords,
  refuse,
  restOf,
  warnFlags,
  type Statement,
} from './statement.ts';
import { warnBackslashes } from './parse-copy.ts';
import { plainWords } from './words.ts';

const stageNamePattern = /^[a-z][a-z0-9-_.]*$/;

/** `FROM [--platform=...] image [AS name]`. */
export function readFrom(statement: Statement): FromInstruction | undefined {
  const flags = flagsOf(statement, { platform: 'value' });
  const words = plainWords(statement.line, statement.from);
  const [image, as, name] = words;
  if (image === undefined)
    return refuse(statement, 'missing-argument', 'FROM needs an image or a stage name.');
  if (words.length !== 1 && !(words.length === 3 && as?.text.toLowerCase() === 'as')) {
    return refuse(statement, 'bad-from', 'FROM takes an image, and at most AS <name> behind it.');
  }
  if (flags === undefined) return undefined;
  const stageName = name === undefined ? undefined : readStageName(statement, name);
  if (name !== undefined && stageName === undefined) return undefined;
  if (as !== undefined) checkAsCasing(statement, as);
  const platform = flags.value('platform');
  return {
    keyword: 'FROM',
    ...statement.base,
    image,
    ...(stageName && { stageName }),
    ...(platform && { platform }),
  };
}

function readStageName({ report }: Statement, name: Word): Word | undefined {
  const text = name.text.toLowerCase();
  if (!stageNamePattern.test(text)) {
    const message = `${name.text} is no stage name. Start with a letter and use only letters, digits, - _ and .`;
    report(error('bad-stage-name', name.range, message));
    return undefined;
  }
  if (text !== name.text) {
    const fix = replaceWith(`Write ${text}`, name.range, text);
    report(
      warning(
        'stage-name-casing',
        name.range,
        `The stage name ${name.text} should be in lower case.`,
        fix,
      ),
    );
  }
  if (text === 'scratch' || text === 'context') {
    const message = `${text} has a meaning of its own and should not name a stage. Choose another name.`;
    report(warning('reserved-stage-name', name.range, message));
  }
  return { text, range: name.range };
}

function checkAsCasing({ base, report }: Statement, as: Word): void {
  const { written } = base;
  const isLower = written === written.toLowerCase();
  if (!isLower && written !== written.toUpperCase()) return;
  const wanted = isLower ? 'as' : 'AS';
  if (as.text === wanted) return;
  const message = `${as.text} and ${written} should be written in the same case.`;
  report(
    warning('from-as-casing', as.range, message, replaceWith(`Write ${wanted}`, as.range, wanted)),
  );
}

/** The one argument of WORKDIR, USER and the like: all of the line. */
function single(statement: Statement, keyword: string, what: string): Word | undefined {
  if (flagsOf(statement, {}) === undefined) return undefined;
  if (isEmpty(statement)) return refuse(statement, 'missing-argument', `${keyword} needs ${what}.`);
  return restOf(statement);
}

/** `WORKDIR path`. */
export function readWorkdir(statement: Statement): WorkdirInstruction | undefined {
  const path = single(statement, 'WORKDIR', 'a path');
  if (path !== undefined) warnBackslashes(statement, [path]);
  return path && { keyword: 'WORKDIR', ...statement.base, path };
}

/** `USER name`. */
export function readUser(statement: Statement): UserInstruction | undefined {
  const user = single(statement, 'USER', 'a user name, such as ContainerUser');
  return user && { keyword: 'USER', ...statement.base, user };
}

/** `MAINTAINER name` (deprecated). */
export function readMaintainer(statement: Statement): MaintainerInstruction | undefined {
  const name = single(statement, 'MAINTAINER', 'a name');
  if (name === undefined) return undefined;
  const label = `LABEL org.opencontainers.image.authors=${JSON.stringify(name.text)}`;
  const fix = replaceWith('Use a label', statement.base.range, label);
  const message = 'MAINTAINER is deprecated. Use LABEL org.opencontainers.image.authors=...';
  statement.report(warning('maintainer-deprecated', statement.base.range, message, fix));
  return { keyword: 'MAINTAINER', ...statement.base, name };
}

/** `STOPSIGNAL signal`. */
export function readStopsignal(statement: Statement): StopsignalInstruction | undefined {
  warnFlags(statement, 'STOPSIGNAL');
  if (isEmpty(statement))
    return refuse(statement, 'missing-argument', 'STOPSIGNAL needs a signal.');
  return { keyword: 'STOPSIGNAL', ...statement.base, signal: restOf(statement) };
}

/** `EXPOSE port[-port][/protocol] ...`. */
export function readExpose(statement: Statement): ExposeInstruction | undefined {
  if (flagsOf(statement, {}) === undefined) return undefined;
  if (isEmpty(statement))
    return refuse(statement, 'missing-argument', 'EXPOSE needs at least one port.');
  return {
    keyword: 'EXPOSE',
    ...statement.base,
    ports: plainWords(statement.line, statement.from),
  };
}

/** `VOLUME path ...` or `VOLUME ["path", ...]`. */
export function readVolume(statement: Statement): VolumeInstruction | undefined {
  if (flagsOf(statement, {}) === undefined) return undefined;
  const words = jsonOrWords(statement);
  if (words === undefined) return undefined;
  const paths = words.map(word => ({ text: word.text.trim(), range: word.range }));
  if (paths.length === 0)
    return refuse(statement, 'missing-argument', 'VOLUME needs at least one path.');
  const empty = paths.find(path => path.text === '');
  if (empty !== undefined) {
    statement.report(error('empty-volume', empty.range, 'A VOLUME path cannot be empty.'));
    return undefined;
  }
  warnBackslashes(statement, paths);
  return { keyword: 'VOLUME', ...statement.base, paths };
}
