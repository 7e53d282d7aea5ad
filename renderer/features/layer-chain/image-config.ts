/** What an image config says about running the image, in words. Missing and malformed parts are left out. */
export interface ConfigFact {
  readonly name: string;
  readonly values: readonly string[];
}

type Json = Readonly<Record<string, unknown>>;

/** Reads the config (its JSON text) as facts, in the order in which people ask for them. */
export function configFacts(configJson: string): readonly ConfigFact[] {
  const config = parsed(configJson);
  const run = isObject(config['config']) ? config['config'] : {};
  const facts: readonly ConfigFact[] = [
    { name: 'Platform', values: platform(config) },
    { name: 'OS version', values: texts(config['os.version']) },
    { name: 'OS features', values: texts(config['os.features']) },
    { name: 'Created', values: texts(config['created']) },
    { name: 'Author', values: texts(config['author']) },
    { name: 'User', values: texts(run['User']) },
    { name: 'Working folder', values: texts(run['WorkingDir']) },
    { name: 'Entrypoint', values: command(run['Entrypoint']) },
    { name: 'Command', values: command(run['Cmd']) },
    { name: 'Shell', values: command(run['Shell']) },
    { name: 'Exposed ports', values: keys(run['ExposedPorts']) },
    { name: 'Volumes', values: keys(run['Volumes']) },
    { name: 'Stop signal', values: texts(run['StopSignal']) },
    { name: 'Health check', values: health(run['Healthcheck']) },
    { name: 'On build', values: texts(run['OnBuild']) },
    { name: 'Environment', values: texts(run['Env']) },
    { name: 'Labels', values: pairs(run['Labels']) },
  ];
  return facts.filter(({ values }) => values.length > 0);
}

function parsed(text: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function texts(value: unknown): readonly string[] {
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  return all.filter((text): text is string => typeof text === 'string' && text !== '');
}

function platform(config: Json): readonly string[] {
  const parts = [config['os'], config['architecture'], config['variant']].flatMap(texts);
  return parts.length === 0 ? [] : [parts.join('/')];
}

/** A command as the exec form writes it. */
function command(value: unknown): readonly string[] {
  const parts = texts(value);
  return parts.length === 0 ? [] : [JSON.stringify(parts)];
}

function keys(value: unknown): readonly string[] {
  return isObject(value) ? Object.keys(value) : [];
}

function pairs(value: unknown): readonly string[] {
  if (!isObject(value)) return [];
  return Object.entries(value).map(([key, text]) => `${key}=${String(text)}`);
}

function health(value: unknown): readonly string[] {
  return isObject(value) ? command(value['Test']) : [];
}
