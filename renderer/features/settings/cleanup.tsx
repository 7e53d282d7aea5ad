import type { Settings } from '../../../shared/ipc/app-views.ts';
import { Select, type Option } from '../../components/select.tsx';
import { NumberField } from './number-field.tsx';
import { SettingsRow } from './rows.tsx';

const choices: readonly Option<Settings['cleanup']>[] = [
  { value: 'off', label: 'Off' },
  { value: 'unused', label: 'What nothing needs' },
  { value: 'limits', label: 'By the limits below' },
];

interface CleanupProps {
  readonly settings: Settings;
  readonly change: (part: Partial<Settings>) => void;
}

/** What is removed from the store by itself. */
export function Cleanup({ settings, change }: CleanupProps) {
  return (
    <>
      <SettingsRow
        title="Automatic cleanup"
        text="Once an hour, while nothing is built or transferred. Images with a name and the history of builds always stay."
      >
        <Select
          label="Automatic cleanup"
          hideLabel
          value={settings.cleanup}
          options={choices}
          onValueChange={cleanup => change({ cleanup })}
        />
      </SettingsRow>
      {settings.cleanup === 'limits' && (
        <>
          <SettingsRow
            title="Unused for (days)"
            text="Caches, parts of downloads and images without a name go when nobody used them for so many days."
          >
            <NumberField
              label="Days without use"
              value={settings.cleanupDays}
              most={3650}
              onValueChange={cleanupDays => change({ cleanupDays })}
            />
          </SettingsRow>
          <SettingsRow
            title="Size of the store (GB)"
            text="Beyond so many GB, what can be made again goes first, then what was not used for longest."
          >
            <NumberField
              label="GB at most"
              value={settings.cleanupGigabytes}
              most={100_000}
              onValueChange={cleanupGigabytes => change({ cleanupGigabytes })}
            />
          </SettingsRow>
        </>
      )}
    </>
  );
}
