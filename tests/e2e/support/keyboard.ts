import type { Locator, Page } from 'playwright-core';

/** More stops than any surface has. */
const mostStops = 150;

/** The element that has the focus, as a person perceives it. */
export interface Stop {
  readonly name: string;
  readonly role: string;
  /** An outline or a filled handle shows that it is here. */
  readonly marked: boolean;
  /** A part of it lies within the window. */
  readonly inView: boolean;
}

/** Presses Tab until `target` has the focus. Throws where that never happens. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let stops = 0; stops < mostStops; stops++) {
    if (await hasFocus(target)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never comes to ${String(target)}`);
}

export async function hasFocus(target: Locator): Promise<boolean> {
  return await target.evaluateAll(elements =>
    elements.some(element => element.contains(document.activeElement)),
  );
}

/** Puts the focus before everything, as in a page that was just loaded. */
export async function startOver(page: Page): Promise<void> {
  await page.evaluate(() => {
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute('tabindex');
  });
}

/** Goes once through all stops of Tab and gives them in their order. */
export async function tabStops(page: Page): Promise<readonly Stop[]> {
  await startOver(page);
  await page.evaluate(() => {
    for (const element of document.querySelectorAll('[data-walked]')) {
      element.removeAttribute('data-walked');
    }
  });
  const stops: Stop[] = [];
  for (let count = 0; count < mostStops; count++) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(stopInPage);
    if (stop === undefined) break;
    stops.push(stop);
  }
  return stops;
}

/** Runs in the page. Undefined once the focus left the page or came to an element for the second time. */
async function stopInPage(): Promise<Stop | undefined> {
  const element = document.activeElement;
  if (!(element instanceof HTMLElement) || element === document.body) return undefined;
  if (element.dataset['walked'] !== undefined) return undefined;
  element.dataset['walked'] = '';
  // What marks the focus may fade in.
  await new Promise(resolve => requestAnimationFrame(resolve));
  await Promise.allSettled(document.getAnimations().map(async ({ finished }) => await finished));
  // A field is marked by the box around it, a tree by the row at its cursor, the editor as a whole.
  const active = document.getElementById(element.getAttribute('aria-activedescendant') ?? '');
  const candidates = [element, active, element.parentElement, element.closest('.monaco-editor')];
  const marked = candidates.some(candidate => {
    if (candidate === null) return false;
    const { outlineStyle, outlineWidth } = getComputedStyle(candidate);
    if (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0) return true;
    // The handle between two panes is a line, and gets broader.
    return getComputedStyle(candidate, '::after').backgroundColor !== 'rgba(0, 0, 0, 0)';
  });
  const { top, bottom, left, right } = element.getBoundingClientRect();
  const inView = bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
  const name = element.getAttribute('aria-label') ?? element.innerText.replaceAll('\n', ' ').trim();
  return { name, role: element.getAttribute('role') ?? element.localName, marked, inView };
}
