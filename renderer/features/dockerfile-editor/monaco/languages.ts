import type * as monaco from './monaco.ts';
import { firstLineState, sameLineState, type LineState } from '../language/line-state.ts';
import { tokenizeIgnoreLine } from '../language/dockerignore.ts';
import { isYamlFile } from '../language/yaml-problems.ts';
import { tokenizeLine } from '../language/tokenize.ts';

type Languages = typeof monaco.languages;

export const dockerfileLanguage = 'dockerfile';
export const ignoreLanguage = 'dockerignore';
/** Monaco's own, for ZImagefiles and ZPipelines. */
export const yamlLanguage = 'yaml';

/** The language of a file of the project. */
export function languageOf(file: string): string {
  if (isYamlFile(file)) return yamlLanguage;
  return file.endsWith('.dockerignore') ? ignoreLanguage : dockerfileLanguage;
}

/** Makes both languages known, with their colours and brackets. */
export function registerLanguages(languages: Languages): void {
  languages.register({ id: dockerfileLanguage });
  languages.register({ id: ignoreLanguage });
  languages.setLanguageConfiguration(dockerfileLanguage, {
    comments: { lineComment: '#' },
    brackets: [
      ['{', '}'],
      ['[', ']'],
      ['(', ')'],
    ],
    autoClosingPairs: [
      { open: '{', close: '}' },
      { open: '[', close: ']' },
      { open: '(', close: ')' },
      { open: '"', close: '"', notIn: ['string', 'comment'] },
    ],
    surroundingPairs: [
      { open: '{', close: '}' },
      { open: '[', close: ']' },
      { open: '(', close: ')' },
      { open: '"', close: '"' },
      { open: "'", close: "'" },
    ],
  });
  languages.setLanguageConfiguration(ignoreLanguage, { comments: { lineComment: '#' } });
  languages.setTokensProvider(dockerfileLanguage, {
    getInitialState: () => new State(firstLineState),
    tokenize(line, before) {
      const state = before instanceof State ? before.state : firstLineState;
      const { tokens, state: behind } = tokenizeLine(line, state);
      return { tokens: [...tokens], endState: new State(behind) };
    },
  });
  languages.setTokensProvider(ignoreLanguage, {
    getInitialState: () => new State(firstLineState),
    tokenize: (line, endState) => ({ tokens: [...tokenizeIgnoreLine(line)], endState }),
  });
}

class State implements monaco.languages.IState {
  readonly state: LineState;

  constructor(state: LineState) {
    this.state = state;
  }

  clone(): State {
    return this;
  }

  equals(other: monaco.languages.IState): boolean {
    return other instanceof State && sameLineState(this.state, other.state);
  }
}
