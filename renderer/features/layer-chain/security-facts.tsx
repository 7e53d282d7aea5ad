import { CopyButton } from '../../components/digest.tsx';
import { visible } from '../../components/visible.ts';
import { Fact, Facts } from './facts.tsx';
import { securityWords, type Secured } from './security-words.ts';

interface SecurityFactsProps {
  readonly sddl: string;
  readonly of: Secured;
}

/** A security descriptor, explained, and as it stands. */
export function SecurityFacts({ sddl, of }: SecurityFactsProps) {
  const words = securityWords(sddl, of);
  return (
    <>
      <h4>Security</h4>
      <Facts>
        {words?.owner !== undefined && <Fact name="Owner">{words.owner}</Fact>}
        {words?.group !== undefined && <Fact name="Group">{words.group}</Fact>}
        {words?.remarks.map(remark => (
          <Fact key={remark} name="Note">
            {remark}
          </Fact>
        ))}
      </Facts>
      {words !== undefined && words.rules.length > 0 && (
        <ol className="rules" aria-label="Rules of access, in their order">
          {words.rules.map(({ kind, account, rights, applies }, index) => (
            <li key={index}>
              <span className={`rules__kind rules__kind--${kind}`}>{kind}</span>{' '}
              <strong>{visible(account)}</strong> {rights}
              {applies !== '' && <span className="muted"> ({applies})</span>}
            </li>
          ))}
        </ol>
      )}
      <Facts>
        <Fact name="Security (SDDL)">
          <code className="entry__sddl">{visible(sddl)}</code>
          <CopyButton text={sddl} what="SDDL" />
        </Fact>
      </Facts>
    </>
  );
}
