import { useState } from 'react';
import { useRested } from '../../app/context/use-answers.ts';
import { TextField } from '../../components/text-field.tsx';
import { RemovalDialog } from './removal-dialog.tsx';
import { noRules, policyOf, problemOf, type Rules } from './rules.ts';

/** Cleans up by rules: what would go is shown while they are typed, and only that goes. */
export function CleanDialog({ onClose }: { readonly onClose: () => void }) {
  const [rules, setRules] = useState(noRules);
  const [valid, setValid] = useState(noRules);
  const change = (part: Partial<Rules>): void => {
    const next = { ...rules, ...part };
    setRules(next);
    if (Object.values(problemsOf(next)).every(problem => problem === undefined)) setValid(next);
  };
  const problems = problemsOf(rules);
  const wanted = useRested(valid);
  return (
    <RemovalDialog
      title="Clean up the store"
      input={policyOf(wanted)}
      isStale={wanted !== rules}
      onClose={onClose}
    >
      <p className="muted">
        What nothing needs goes in any case. Rules let more go; leave them empty to keep the rest.
      </p>
      <div className="storage__rules">
        {ruleFields.map(({ field, label, hint }) => (
          <TextField
            key={field}
            label={label}
            hint={hint}
            inputMode="decimal"
            placeholder="no limit"
            value={rules[field]}
            {...(problems[field] === undefined ? {} : { error: problems[field] })}
            onValueChange={text => change({ [field]: text })}
          />
        ))}
      </div>
      <div className="storage__checks">
        <Check
          label="Images with a name may go, too"
          checked={rules.named}
          onChange={named => change({ named })}
        />
        <Check
          label="Past builds with their logs may go, too"
          checked={rules.history}
          onChange={history => change({ history })}
        />
      </div>
    </RemovalDialog>
  );
}

type RuleField = 'days' | 'gigabytes' | 'keepLast';

const ruleFields: readonly {
  readonly field: RuleField;
  readonly label: string;
  readonly hint: string;
}[] = [
  { field: 'days', label: 'Unused for days', hint: 'What was not used for longer goes.' },
  {
    field: 'gigabytes',
    label: 'Store at most GB',
    hint: 'What can be made again goes first, then the longest unused.',
  },
  {
    field: 'keepLast',
    label: 'Keep the newest',
    hint: 'So many of each repository and project stay.',
  },
];

function problemsOf(rules: Rules): { readonly [F in RuleField]: string | undefined } {
  return {
    days: problemOf(rules.days, false),
    gigabytes: problemOf(rules.gigabytes, false),
    keepLast: problemOf(rules.keepLast, true),
  };
}

interface CheckProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

function Check({ label, checked, onChange }: CheckProps) {
  return (
    <label className="check-row">
      <input type="checkbox" checked={checked} onChange={event => onChange(event.target.checked)} />
      <span>{label}</span>
    </label>
  );
}
