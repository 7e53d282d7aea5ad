import type { ReactNode } from 'react';
import { usePaneSizes } from '../../app/context/use-pane-sizes.ts';
import { SplitPane } from '../../components/split-pane.tsx';

export interface MasterDetailProps {
  /** Under this name the sizes are remembered. */
  readonly layout: string;
  readonly list: ReactNode;
  /** Names the region of the details. */
  readonly label: string;
  readonly detail: ReactNode;
  /** In percent, at first. */
  readonly detailSize?: number;
  readonly orientation?: 'horizontal' | 'vertical';
}

/** A list, and beside it all of the row that is selected. */
export function MasterDetail(props: MasterDetailProps) {
  const { layout, list, label, detail, detailSize = 38, orientation } = props;
  const remembered = usePaneSizes(layout);
  return (
    <SplitPane
      className="files-tab__panes"
      {...(orientation === undefined ? {} : { orientation })}
      {...remembered}
      panes={[
        { pane: 'list', label: 'list', size: 100 - detailSize, min: 200, content: list },
        {
          pane: 'detail',
          label: 'details',
          size: detailSize,
          min: orientation === 'vertical' ? 90 : 180,
          content: (
            // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, and may hold nothing that takes the focus
            <section className="entry" aria-label={label} tabIndex={0}>
              {detail}
            </section>
          ),
        },
      ]}
    />
  );
}
