import { useStore } from 'zustand';
import { AboutDialog } from './about-dialog.tsx';
import { ConflictDialog } from './conflict-dialog.tsx';
import { CommandPalette } from './command-palette.tsx';
import { useApp } from './context.tsx';
import { HostDialog } from './host-dialog.tsx';
import { PathDialog } from './path-dialog.tsx';
import { PreflightDialog } from './preflight-dialog.tsx';
import { ShortcutSheet } from './shortcut-sheet.tsx';
import { WelcomeDialog } from './welcome-dialog.tsx';

/** What lies over the surfaces: at most one dialog of the frame at a time. */
export function Overlays() {
  const { stores } = useApp();
  const overlay = useStore(stores.ui, ui => ui.overlay);
  const question = useStore(stores.pathQuestions, questions => questions.waiting);
  const conflict = useStore(stores.project, project => project.conflict);
  const close = () => stores.ui.getState().setOverlay(undefined);
  return (
    <>
      {overlay === 'palette' && <CommandPalette onClose={close} />}
      {overlay === 'preflight' && <PreflightDialog onClose={close} />}
      {overlay === 'shortcuts' && <ShortcutSheet onClose={close} />}
      {overlay === 'host' && <HostDialog onClose={close} />}
      {overlay === 'welcome' && <WelcomeDialog onClose={close} />}
      {overlay === 'about' && <AboutDialog onClose={close} />}
      {conflict !== undefined && <ConflictDialog file={conflict} />}
      {question && <PathDialog key={question.title} question={question} />}
    </>
  );
}
