import type { HoldingKind, StorageUsage } from '../../../shared/ipc/storage-views.ts';
import { classNames } from '../../components/class-names.ts';
import { formatBytes, formatPercent, formatPlural } from '../../components/format.ts';
import { moveFocus } from '../../components/roving.ts';
import { kindWords } from './storage-words.ts';

export interface KindBarProps {
  readonly usage: StorageUsage;
  readonly chosen: HoldingKind | undefined;
  readonly onChoose: (kind: HoldingKind | undefined) => void;
}

/** What each kind takes, as one bar and as buttons that narrow the list to a kind. */
export function KindBar({ usage, chosen, onChoose }: KindBarProps) {
  const kinds = usage.kinds.filter(({ bytes }) => bytes > 0).toSorted((a, b) => b.bytes - a.bytes);
  // The chosen kind may have nothing left.
  const stop = (kinds.find(({ kind }) => kind === chosen) ?? kinds[0])?.kind;
  return (
    <section className="storage__kinds" aria-label="By kind">
      <div className="storage__bar" aria-hidden="true">
        {kinds.map(({ bytes, kind }) => (
          <span
            key={kind}
            className={classNames(
              'storage__part',
              `storage__part--${kind}`,
              chosen !== undefined && chosen !== kind && 'storage__part--faded',
            )}
            style={{ flexGrow: bytes }}
            data-tooltip={`${kindWords[kind].label}: ${formatBytes(bytes)}`}
          />
        ))}
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the keys of the buttons in it */}
      <ul className="storage__legend" onKeyDown={event => moveFocus(event, 'button', 'horizontal')}>
        {kinds.map(({ bytes, count, kind, reclaimableBytes }) => (
          <li key={kind}>
            <button
              type="button"
              className="storage__kind"
              aria-pressed={chosen === kind}
              tabIndex={kind === stop ? 0 : -1}
              data-tooltip={kindWords[kind].purpose}
              onClick={() => onChoose(chosen === kind ? undefined : kind)}
            >
              <span className={`storage__dot storage__part--${kind}`} aria-hidden="true" />
              <span className="storage__name">{kindWords[kind].label}</span>
              <span className="storage__size numeric">{formatBytes(bytes)}</span>
              <span className="storage__facts muted numeric">
                {formatPlural(count, 'item')}, {formatPercent(bytes, usage.totalBytes)}
                {reclaimableBytes > 0 && `, ${formatBytes(reclaimableBytes)} not needed`}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
