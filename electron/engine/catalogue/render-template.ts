/**
 * Fills the places of a template: `{{name}}` becomes the value. A line that begins with `{{?name}}` stays only where the
 * value is not empty, one with `{{!name}}` only where it is. Fails on a name that has no value: that is a faulty template.
 */
export function renderTemplate(text: string, values: Readonly<Record<string, string>>): string {
  const valueOf = (name: string): string => {
    const value = values[name];
    if (value === undefined) throw new Error(`the template has no value for "${name}"`);
    return value;
  };
  const lines = text.split('\n').flatMap(line => {
    const [all, sign, name] = /^\{\{([?!])(\w+)\}\}/.exec(line) ?? [];
    if (all === undefined || name === undefined) return [line];
    return (valueOf(name) !== '') === (sign === '?') ? [line.slice(all.length)] : [];
  });
  return lines.join('\n').replace(/\{\{(\w+)\}\}/g, (_, name: string) => valueOf(name));
}
