import { useState } from 'react';
import type { ImageDetail } from '../../../shared/ipc/image-views.ts';
import { CopyButton } from '../../components/digest.tsx';
import { Select } from '../../components/select.tsx';
import { visible } from '../../components/visible.ts';
import { shortReference } from './chain-words.ts';

const documents = [
  { value: 'config', label: 'Config' },
  { value: 'manifest', label: 'Manifest' },
] as const;

/** The config and the manifest of the image as they are stored. */
export function JsonTab({ detail }: { readonly detail: ImageDetail | undefined }) {
  const [shown, setShown] = useState<'config' | 'manifest'>('config');
  if (detail === undefined) return null;
  const text = shown === 'config' ? detail.configJson : detail.manifestJson;
  return (
    <div className="json-tab">
      <div className="panel-bar">
        <Select
          label="Document"
          hideLabel
          value={shown}
          options={documents}
          onValueChange={setShown}
        />
        <span className="muted truncate">of {shortReference(detail.summary.reference)}</span>
        <CopyButton text={text} what={shown} />
      </div>
      <pre className="json-tab__text">{text.split('\n').map(visible).join('\n')}</pre>
    </div>
  );
}
