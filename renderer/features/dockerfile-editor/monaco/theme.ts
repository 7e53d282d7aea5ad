import type * as monaco from './monaco.ts';
import type { Theme } from '../../../stores/theme.ts';

type Monaco = typeof monaco;

const bases = {
  light: 'vs',
  dark: 'vs-dark',
  'hc-light': 'hc-light',
  'hc-dark': 'hc-black',
} as const satisfies { readonly [T in Theme]: monaco.editor.BuiltinTheme };

/** Kinds of tokens, with the token of our palette that gives each its colour. */
const tokenColours: readonly (readonly [string, string, string?])[] = [
  ['', 'text'],
  ['comment', 'text-faint', 'italic'],
  ['keyword', 'accent-fg', 'bold'],
  ['keyword.control', 'accent-fg', ''],
  ['keyword.directive', 'note-fg', 'bold'],
  ['type.image', 'ok-fg'],
  ['type.stage', 'note-fg', 'bold'],
  ['type', 'note-fg'],
  ['variable', 'warn-fg'],
  ['variable.name', 'warn-fg'],
  ['string', 'ok-fg'],
  ['string.heredoc', 'note-fg', 'bold'],
  ['string.escape', 'note-fg'],
  ['number', 'note-fg'],
  ['support.function', 'accent-fg'],
  ['attribute.name', 'note-fg'],
  ['attribute.value', 'text'],
  ['operator', 'text-muted'],
  ['operator.continuation', 'text-faint'],
  ['invalid', 'bad-fg'],
];

const uiColours: Readonly<Record<string, string>> = {
  'editor.background': 'bg',
  'editor.foreground': 'text',
  'editorLineNumber.foreground': 'text-faint',
  'editorLineNumber.activeForeground': 'text',
  'editorGutter.background': 'bg',
  'editorCursor.foreground': 'accent',
  'editor.selectionBackground': 'bg-active',
  'editor.inactiveSelectionBackground': 'bg-hover',
  'editor.lineHighlightBackground': 'bg-raised',
  'editorCodeLens.foreground': 'text-faint',
  'editorWidget.background': 'bg-overlay',
  'editorWidget.foreground': 'text',
  'editorWidget.border': 'border-strong',
  'editorHoverWidget.background': 'bg-overlay',
  'editorHoverWidget.border': 'border-strong',
  'editorSuggestWidget.background': 'bg-overlay',
  'editorSuggestWidget.border': 'border-strong',
  'editorSuggestWidget.foreground': 'text',
  'editorSuggestWidget.selectedBackground': 'bg-selected',
  'editorSuggestWidget.selectedForeground': 'text',
  'editorSuggestWidget.highlightForeground': 'accent-fg',
  'editorSuggestWidget.focusHighlightForeground': 'accent-fg',
  'quickInput.background': 'bg-overlay',
  'quickInput.foreground': 'text',
  'quickInputList.focusBackground': 'bg-selected',
  'quickInputList.focusForeground': 'text',
  'pickerGroup.foreground': 'text-muted',
  'menu.background': 'bg-overlay',
  'menu.foreground': 'text',
  'menu.selectionBackground': 'bg-selected',
  'menu.selectionForeground': 'text',
  'input.background': 'bg',
  'input.foreground': 'text',
  'input.border': 'border-control',
  'input.placeholderForeground': 'text-faint',
  'list.hoverBackground': 'bg-hover',
  'list.activeSelectionBackground': 'bg-selected',
  'list.activeSelectionForeground': 'text',
  'list.inactiveSelectionBackground': 'bg-selected',
  'list.highlightForeground': 'accent-fg',
  'editorError.foreground': 'bad',
  'editorWarning.foreground': 'warn',
  'editorInfo.foreground': 'accent',
  'editorMarkerNavigation.background': 'bg-overlay',
  'textLink.foreground': 'accent-fg',
  'textLink.activeForeground': 'accent-fg',
  focusBorder: 'focus',
  'scrollbarSlider.background': 'bg-active',
  'scrollbarSlider.hoverBackground': 'border-strong',
  'scrollbarSlider.activeBackground': 'border-control',
  'editorIndentGuide.background1': 'border',
  'editorOverviewRuler.border': 'border',
  'diffEditor.insertedTextBackground': 'ok-soft',
  'diffEditor.removedTextBackground': 'bad-soft',
};

/** Makes Monaco look like the rest of the window, in the theme that the page is in now. */
export function applyTheme(editor: Monaco['editor'], theme: Theme): void {
  const colour = paletteOf(document.documentElement);
  const name = `layerwright-${theme}`;
  editor.defineTheme(name, {
    base: bases[theme],
    inherit: true,
    rules: tokenColours.map(([token, from, fontStyle]) => ({
      token,
      foreground: colour(from).slice(1),
      ...(fontStyle === undefined ? {} : { fontStyle }),
    })),
    colors: Object.fromEntries(Object.entries(uiColours).map(([key, from]) => [key, colour(from)])),
  });
  editor.setTheme(name);
}

/** Gives colours of our tokens as `#rrggbb`, also where a token stands for a colour of the system. */
function paletteOf(root: HTMLElement): (token: string) => string {
  const styles = getComputedStyle(root);
  return token => {
    const value = styles.getPropertyValue(`--${token}`).trim();
    return /^#[0-9a-f]{6}$/i.test(value) ? value : systemColour(value);
  };
}

function systemColour(value: string): string {
  const probe = document.createElement('span');
  probe.style.color = value;
  document.body.append(probe);
  const channels = getComputedStyle(probe).color.match(/\d+/g) ?? [];
  probe.remove();
  const hex = channels.slice(0, 3).map(channel => Number(channel).toString(16).padStart(2, '0'));
  return `#${hex.join('')}`;
}
