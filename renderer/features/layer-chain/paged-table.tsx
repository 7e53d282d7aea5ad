import { explain } from '../../../shared/failure.ts';
import { Button } from '../../components/button.tsx';
import { LongTable, type LongTableProps } from '../../components/long-table.tsx';
import type { Column } from '../../components/table.tsx';
import { visible } from '../../components/visible.ts';
import type { PageOf } from './lazy-tree.ts';
import type { Pages } from './use-pages.ts';

type OwnProps<T> = Omit<LongTableProps<T>, 'rows' | 'total' | 'onEnd'>;

export interface PagedTableProps<T> extends OwnProps<T> {
  readonly pages: Pages<PageOf<T>>;
}

/** A table that asks for the next page when the end of what is there comes into view. */
export function PagedTable<T>({ pages, columns, ...table }: PagedTableProps<T>) {
  const { first, rows, failure } = pages;
  const total = first.kind === 'ready' ? first.value.total : rows.length;
  // In order of a column are only the rows that are there.
  const isWhole = rows.length >= total;
  return (
    <>
      <LongTable
        {...table}
        columns={isWhole ? columns : columns.map(unsorted)}
        rows={rows}
        total={total}
        onEnd={pages.more}
      />
      {failure !== undefined && (
        <p className="panel-status" role="alert">
          <span>The next rows could not be read: {visible(explain(failure).message)}</span>
          <Button size="small" onClick={pages.moreAgain}>
            Try again
          </Button>
        </p>
      )}
    </>
  );
}

function unsorted<T>(column: Column<T>): Column<T> {
  const { sortValue: _, ...rest } = column;
  return rest;
}
