import { Group, Panel, Separator, useGroupRef, type Layout } from 'react-resizable-panels';
import { Fragment, useEffect, type ReactNode } from 'react';
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
  /** Remembered sizes by pane, in percent. They may come late: what they are read from may still load. */
  readonly sizes?: Layout | undefined;
  /** The person has moved a handle. */
  readonly onSizes?: (sizes: Layout) => void;
  readonly className?: string;
}

/** Panes with handles between them; the handles move by pointer and by arrow keys. */
export function SplitPane(props: SplitPaneProps) {
  const { orientation = 'horizontal', panes, sizes, onSizes, className } = props;
  const group = useGroupRef();
  const known = sizes !== undefined && panes.every(({ pane }) => sizes[pane] !== undefined);
  useEffect(() => {
    if (known && !isSame(sizes, group.current?.getLayout())) group.current?.setLayout(sizes);
  }, [group, known, sizes]);
  return (
    <Group
      orientation={orientation}
      className={className}
      {...(known ? { defaultLayout: sizes } : {})}
      groupRef={group}
      onLayoutChanged={(layout, { isUserInteraction }) => {
        if (isUserInteraction) onSizes?.(layout);
      }}
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

/** In percent; less is not to be seen. */
const sameSize = 0.1;

function isSame(sizes: Layout, shown: Layout | undefined): boolean {
  return Object.entries(sizes).every(
    ([pane, size]) => Math.abs(size - (shown?.[pane] ?? size)) < sameSize,
  );
}
