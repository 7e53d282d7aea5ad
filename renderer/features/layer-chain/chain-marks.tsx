import { moveFocus } from '../../components/roving.ts';
import { VisuallyHidden } from '../../components/visually-hidden.tsx';
import { rem } from './chain-units.ts';
import { marksWidth, type ChainMarks } from './chain-layout.ts';
import { instructionOf, instructionText } from './chain-words.ts';

export interface MarkGroupsProps {
  readonly marks: readonly ChainMarks[];
  readonly onInstruction: (reference: string, position: number) => void;
}

/** The instructions between the layers that change no files: one stop for Tab, arrows go along them. */
export function MarkGroups({ marks, onInstruction }: MarkGroupsProps) {
  if (marks.length === 0) return null;
  return (
    <div
      role="toolbar"
      aria-label="Instructions that change no files"
      tabIndex={-1}
      onKeyDown={event => moveFocus(event, '.chain-marks', 'horizontal')}
    >
      {marks.map((group, index) => (
        <MarkGroup
          key={group.key}
          group={group}
          isStop={index === 0}
          onInstruction={onInstruction}
        />
      ))}
    </div>
  );
}

interface MarkGroupProps {
  readonly group: ChainMarks;
  readonly isStop: boolean;
  readonly onInstruction: MarkGroupsProps['onInstruction'];
}

const mostLines = 3;

function MarkGroup({ group, isStop, onInstruction }: MarkGroupProps) {
  const { links, reference, x, y } = group;
  const words = keywords(links.map(({ createdBy }) => createdBy));
  const fits = words.length <= mostLines + 1 ? words : words.slice(0, mostLines);
  const all = links.map(({ createdBy }) => instructionText(createdBy)).join('\n');
  return (
    <button
      type="button"
      className="chain-marks"
      tabIndex={isStop ? 0 : -1}
      style={{ left: rem(x), top: rem(y), width: rem(marksWidth) }}
      data-tooltip={all}
      onClick={() => onInstruction(reference, links[0]?.position ?? 0)}
    >
      {fits.map(({ keyword, count }) => (
        <span key={keyword} className="chain-marks__line">
          {keyword}
          {count > 1 && <b>×{count}</b>}
        </span>
      ))}
      {fits.length < words.length && (
        <span className="chain-marks__line">+{words.length - fits.length} more</span>
      )}
      <VisuallyHidden>
        {countWords(links.length)} no files: {all}
      </VisuallyHidden>
    </button>
  );
}

function countWords(count: number): string {
  return count === 1 ? '1 instruction that changes' : `${count} instructions that change`;
}

/** The keywords in the order in which each comes first, and how often. */
function keywords(
  createdBy: readonly string[],
): readonly { readonly keyword: string; readonly count: number }[] {
  const counts = new Map<string, number>();
  for (const text of createdBy) {
    const keyword = instructionOf(text).keyword || '…';
    counts.set(keyword, (counts.get(keyword) ?? 0) + 1);
  }
  return [...counts].map(([keyword, count]) => ({ keyword, count }));
}
