import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { IconButton } from './button.tsx';
import './digest.css';

export interface CopyButtonProps {
  readonly text: string;
  /** What is copied: "digest" makes "Copy digest". */
  readonly what: string;
}

const thanksMs = 1600;

/** Copies a text to the clipboard and says that it did. */
export function CopyButton({ text, what }: CopyButtonProps) {
  const [state, setState] = useState<'ready' | 'copied' | 'refused'>('ready');
  useEffect(() => {
    if (state === 'ready') return;
    const timer = setTimeout(() => setState('ready'), thanksMs);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setState('copied'),
      () => setState('refused'),
    );
  };
  const label = { ready: `Copy ${what}`, copied: 'Copied', refused: 'The browser refused to copy' };
  return (
    <IconButton
      size="small"
      className="copy-button"
      label={label[state]}
      icon={state === 'copied' ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />}
      onClick={event => {
        event.stopPropagation();
        copy();
      }}
    />
  );
}

const shownDigits = 12;

export interface DigestProps {
  readonly digest: string;
  /** What it names, for the copy button: "manifest digest". */
  readonly what?: string;
  readonly copy?: boolean;
}

/** A digest, shortened to 12 digits as the docker command does, with the whole of it to copy. */
export function Digest({ digest, what = 'digest', copy = true }: DigestProps) {
  const hex = digest.slice(digest.indexOf(':') + 1);
  return (
    <span className="digest">
      <code data-tooltip={digest}>{hex.slice(0, shownDigits)}</code>
      {copy && <CopyButton text={digest} what={what} />}
    </span>
  );
}
