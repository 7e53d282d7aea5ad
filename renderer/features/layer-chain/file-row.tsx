import { File, FileSymlink, FileX, Folder, FolderSymlink, Layers2, Link } from 'lucide-react';
import type { FileRow } from '../../../shared/ipc/image-views.ts';
import { formatBytes, formatPlural } from '../../components/format.ts';
import { visible } from '../../components/visible.ts';
import { ChangeMark } from './change-mark.tsx';

const icons: { readonly [K in FileRow['kind']]: React.ReactNode } = {
  directory: <Folder aria-hidden="true" />,
  file: <File aria-hidden="true" />,
  'hard-link': <Link aria-hidden="true" />,
  symlink: <FileSymlink aria-hidden="true" />,
  junction: <FolderSymlink aria-hidden="true" />,
  stream: <Layers2 aria-hidden="true" />,
  whiteout: <FileX aria-hidden="true" />,
};

export interface FileRowViewProps {
  readonly row: FileRow;
  /** The path in place of the name, for rows out of their tree. */
  readonly fullPath?: boolean;
}

/** One row of a tree: change, kind, name, size. */
export function FileRowView({ row, fullPath }: FileRowViewProps) {
  return (
    <span className="file-row">
      <ChangeMark change={row.change} short />
      <span className="file-row__icon">{icons[row.kind]}</span>
      <span className="file-row__name truncate">{visible(fullPath ? row.path : row.name)}</span>
      {row.target !== undefined && <span className="muted truncate">→ {visible(row.target)}</span>}
      <span className="file-row__size muted">
        {row.files !== undefined && `${formatPlural(row.files, 'file')}, `}
        {formatBytes(row.size)}
      </span>
    </span>
  );
}
