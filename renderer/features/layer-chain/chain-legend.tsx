import { Share2 } from 'lucide-react';
import { originWords } from './chain-words.ts';

/** What the colours and the widths mean. */
export function ChainLegend() {
  return (
    <ul className="chain-legend" aria-label="Legend">
      {(['base', 'base-update', 'parent-image', 'yours'] as const).map(origin => (
        <li key={origin} className={`origin--${origin}`}>
          <span className="chain-legend__swatch" aria-hidden="true" />
          {originWords[origin]}
        </li>
      ))}
      <li>
        <Share2 aria-hidden="true" />
        in other images too
      </li>
      <li>
        <span className="chain-legend__mark" aria-hidden="true" />
        changes no files (select to read)
      </li>
      <li>wider = larger (log scale)</li>
      <li>Shift+Enter or Shift+click compares</li>
    </ul>
  );
}
