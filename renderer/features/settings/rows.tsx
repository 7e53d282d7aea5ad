import { useId, type ReactNode } from 'react';

/** A heading with rows below it. */
export function SettingsGroup(props: { readonly title: string; readonly children: ReactNode }) {
  const id = useId();
  return (
    <section className="settings__group" aria-labelledby={id}>
      <h3 id={id}>{props.title}</h3>
      <div className="settings__rows">{props.children}</div>
    </section>
  );
}

interface SettingsRowProps {
  readonly title: string;
  readonly text: string;
  /** Below the text. */
  readonly extra?: ReactNode;
  /** The control. */
  readonly children?: ReactNode;
}

/** What a setting is, and its control at the right. */
export function SettingsRow({ title, text, extra, children }: SettingsRowProps) {
  return (
    <div className="settings__row">
      <div className="settings__about">
        <h4>{title}</h4>
        <p className="muted">{text}</p>
        {extra}
      </div>
      {children !== undefined && <div className="settings__control">{children}</div>}
    </div>
  );
}

interface SwitchRowProps {
  readonly title: string;
  readonly text: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

/** A setting that is on or off; its title names the switch. */
export function SwitchRow({ title, text, checked, onChange }: SwitchRowProps) {
  return (
    <SettingsRow title={title} text={text}>
      <Switch label={title} checked={checked} onChange={onChange} />
    </SettingsRow>
  );
}

interface SwitchProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

/** On or off. */
function Switch({ label, checked, onChange }: SwitchProps) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={checked}
      aria-label={label}
      className="switch"
      onClick={() => onChange(!checked)}
    >
      <span className="switch__knob" />
    </button>
  );
}
