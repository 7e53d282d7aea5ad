import { useEffect, useRef, useState } from 'react';
import './tooltip-host.css';

interface Shown {
  readonly text: string;
  readonly anchor: DOMRect;
}

const delayMs = 450;

/**
 * Shows the `data-tooltip` of whatever is hovered or has keyboard focus. One host serves the whole window, so a
 * widget needs only the attribute. It stays out of the accessibility tree: the words are the widget's label already.
 * Escape puts it away (WCAG 1.4.13).
 */
export function TooltipHost() {
  const [shown, setShown] = useState<Shown>();
  const tip = useRef<HTMLDivElement>(null);
  useEffect(() => listen(setShown), []);
  useEffect(() => {
    const element = tip.current;
    if (element === null || shown === undefined) return;
    element.showPopover();
    place(element, shown.anchor);
  }, [shown]);
  if (shown === undefined) return null;
  return (
    <div ref={tip} className="tooltip" popover="manual" aria-hidden="true">
      {shown.text}
    </div>
  );
}

function listen(setShown: (shown: Shown | undefined) => void): () => void {
  const controller = new AbortController();
  const options = { signal: controller.signal, capture: true } as const;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const hide = () => {
    clearTimeout(timer);
    setShown(undefined);
  };
  const show = (target: EventTarget | null, wait: number) => {
    hide();
    const element = target instanceof Element ? target.closest('[data-tooltip]') : null;
    const text = element?.getAttribute('data-tooltip');
    if (element === null || !text) return;
    timer = setTimeout(() => {
      if (element.isConnected) setShown({ text, anchor: element.getBoundingClientRect() });
    }, wait);
  };
  document.addEventListener('pointerover', event => show(event.target, delayMs), options);
  document.addEventListener('pointerdown', hide, options);
  document.addEventListener('wheel', hide, { ...options, passive: true });
  document.addEventListener('focusout', hide, options);
  document.addEventListener(
    'focusin',
    event => {
      const keyboard = event.target instanceof Element && event.target.matches(':focus-visible');
      if (keyboard) show(event.target, 0);
    },
    options,
  );
  document.addEventListener('keydown', event => event.key === 'Escape' && hide(), options);
  return () => {
    clearTimeout(timer);
    controller.abort();
  };
}

function place(element: HTMLElement, anchor: DOMRect): void {
  const gap = 6;
  const { width, height } = element.getBoundingClientRect();
  const left = anchor.left + anchor.width / 2 - width / 2;
  const below = anchor.bottom + gap + height < window.innerHeight;
  element.style.left = `${Math.max(gap, Math.min(left, window.innerWidth - width - gap))}px`;
  element.style.top = `${below ? anchor.bottom + gap : anchor.top - height - gap}px`;
}
