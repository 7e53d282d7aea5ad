import { ChevronDown, Folder, FolderOpen, Sparkles, X } from 'lucide-react';
import { useStore } from 'zustand';
import { keyCaps } from '../components/keys.ts';
import { MenuButton, type MenuItem } from '../components/menu.tsx';
import { visible } from '../components/visible.ts';
import type { RecentProject } from '../../shared/ipc/app-views.ts';
import { valueOr } from '../stores/loadable.ts';
import { useApp } from './context.tsx';

const mostRecent = 8;

/** The project's name, and the ways to another one. */
export function ProjectMenu() {
  const { stores, isMac } = useApp();
  const project = useStore(stores.project, state => valueOr(state.project, undefined));
  const recent = useStore(stores.project, state => state.recent);
  const unsaved = useStore(stores.project, ({ files }) =>
    [...files.values()].some(file => file.kind === 'ready' && file.value.draft !== undefined),
  );
  const run = (command: string) => () => void stores.commands.getState().run(command);
  const action = (
    label: string,
    command: string,
    icon: React.ReactNode,
    hint?: string,
  ): MenuItem => ({
    kind: 'action',
    label,
    icon,
    onSelect: run(command),
    ...(hint === undefined ? {} : { hint }),
  });
  const others = valueOr(recent, [])
    .filter(({ dir }) => dir !== project?.dir)
    .slice(0, mostRecent);
  const items: readonly MenuItem[] = [
    action('Open folder…', 'project.openFolder', <FolderOpen />, keyCaps('Mod+O', isMac).join('+')),
    action('Open the sample project', 'project.openSample', <Sparkles />),
    ...(project ? [action('Close folder', 'project.close', <X />)] : []),
    ...(others.length > 0
      ? [{ kind: 'separator' } as const, { kind: 'heading', label: 'Recent' } as const]
      : []),
    ...others.map(other => recentItem(other, dir => stores.project.getState().open(dir), stores)),
  ];
  return (
    <MenuButton
      variant="quiet"
      menuLabel="Project"
      items={items}
      className="project-menu"
      data-tooltip={project && visible(project.dir)}
      icon={<Folder aria-hidden="true" />}
      onPointerEnter={() => void stores.project.getState().loadRecent()}
      onFocus={() => void stores.project.getState().loadRecent()}
    >
      <span className="project-menu__name truncate">
        {project ? visible(project.name) : 'No folder open'}
      </span>
      {unsaved && (
        <span className="project-menu__unsaved" role="img" aria-label="unsaved changes" />
      )}
      <ChevronDown aria-hidden="true" />
    </MenuButton>
  );
}

function recentItem(
  { dir, name, missing }: RecentProject,
  open: (dir: string) => Promise<void>,
  { notices }: ReturnType<typeof useApp>['stores'],
): MenuItem {
  return {
    kind: 'action',
    label: visible(name),
    hint: missing ? 'missing' : visible(shortPath(dir)),
    disabled: missing,
    onSelect() {
      open(dir).catch((error: unknown) => notices.getState().tellError(error, 'Open folder'));
    },
  };
}

const longestPath = 36;

/** The end of a path, which says more than its beginning. */
function shortPath(path: string): string {
  return path.length <= longestPath ? path : `…${path.slice(-longestPath)}`;
}
