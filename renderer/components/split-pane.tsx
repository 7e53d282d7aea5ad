import { Group, Panel, Separator, type Layout } from 'react-resizable-panels';
import { Fragment, type ReactNode } from 'react';
import './split-pane.css';

export interface Pane {
  readonly pane: string;
  /** What it is, for the handle beside it: "Resize steps". */
  readonly label: string;
  /** Percent of the whole at first. */
  readonly size: number;
  /** In px; the pane does not get smaller. */
  readonly min?: number;
  readonly content: ReactNode;
}

export interface SplitPaneProps {
  readonly orientation?: 'horizontal' | 'vertical';
  readonly panes: readonly Pane[];
  /** Remembered sizes by pane, in percent. */
  readonly sizes?: Layout | undefined;
  readonly onSizes?: (sizes: Layout) => void;
  readonly className?: string;
}

/** Panes with handles between them; the handles move by pointer and by arrow keys. */
export function SplitPane(props: SplitPaneProps) {
  const { orientation = 'horizontal', panes, sizes, onSizes, className } = props;
  const known = sizes !== undefined && panes.every(({ pane }) => sizes[pane] !== undefined);
  return (
    <Group
      orientation={orientation}
      className={className}
      {...(known ? { defaultLayout: sizes } : {})}
      onLayoutChanged={layout => onSizes?.(layout)}
    >
      {panes.map(({ pane, label, size, min = 160, content }, index) => (
        <Fragment key={pane}>
          {index > 0 && (
            <Separator
              className={`split-handle split-handle--${orientation}`}
              aria-label={`Resize ${label}`}
            />
          )}
          <Panel id={pane} defaultSize={`${size}%`} minSize={min} className="split-panel">
            {content}
          </Panel>
        </Fragment>
      ))}
    </Group>
  );
}
