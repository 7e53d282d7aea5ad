import { ClipboardCheck, Cpu, Hammer, Search, Tag } from 'lucide-react';
import { useStore } from 'zustand';
import { Button } from '../components/button.tsx';
import { ariaKeys } from '../components/keys.ts';
import { Kbd } from '../components/kbd.tsx';
import { Select } from '../components/select.tsx';
import { TextField } from '../components/text-field.tsx';
import { runningBuild } from '../stores/builds.ts';
import { useApp } from './context.tsx';
import { Logo } from './logo.tsx';
import { backendOptions, platformOptions } from './options.ts';
import { ProjectMenu } from './project-menu.tsx';
import { RunningBuild } from './running-build.tsx';
import { useChangeSettings } from './use-change-settings.ts';
import './project-bar.css';

/** The bar on top: which project, what will be built, and the button that builds it. */
export function ProjectBar() {
  const { stores, isMac } = useApp();
  const hasProject = useStore(
    stores.project,
    ({ project }) => project.kind === 'ready' && project.value !== undefined,
  );
  const running = useStore(stores.builds, runningBuild);
  const run = (command: string) => stores.commands.getState().run(command);
  return (
    <header className="project-bar" aria-label="Project">
      <Logo />
      <ProjectMenu />
      {hasProject && <BuildOptions />}
      <span className="project-bar__space" />
      <Button
        variant="quiet"
        className="project-bar__commands"
        aria-keyshortcuts={ariaKeys('Mod+Shift+P', isMac)}
        icon={<Search aria-hidden="true" />}
        onClick={() => run('view.commandPalette')}
      >
        Commands
        <Kbd keys="Mod+Shift+P" isMac={isMac} silent />
      </Button>
      <Button
        className="project-bar__preflight"
        disabled={!hasProject}
        aria-keyshortcuts={ariaKeys('Mod+Alt+P', isMac)}
        data-tooltip="Look at the build before it begins"
        icon={<ClipboardCheck aria-hidden="true" />}
        onClick={() => run('build.preflight')}
      >
        Pre-flight
      </Button>
      {running ? (
        <RunningBuild view={running} />
      ) : (
        <Button
          variant="primary"
          className="project-bar__build"
          disabled={!hasProject}
          aria-keyshortcuts={ariaKeys('Mod+B', isMac)}
          icon={<Hammer aria-hidden="true" />}
          onClick={() => run('build.start')}
        >
          Build
          <Kbd keys="Mod+B" isMac={isMac} silent />
        </Button>
      )}
    </header>
  );
}

function BuildOptions() {
  const { stores } = useApp();
  const tag = useStore(stores.project, project => project.tag);
  const platform = useStore(stores.settings, state => state.settings.platform);
  const backend = useStore(stores.settings, state => state.settings.backend);
  const info = useStore(stores.appInfo, state => state.info);
  const change = useChangeSettings();
  return (
    <div className="project-bar__options" role="group" aria-label="What to build">
      <TextField
        label="Image tag"
        hideLabel
        mono
        className="project-bar__tag"
        placeholder="name:tag"
        leading={<Tag className="field__icon" aria-hidden="true" />}
        value={tag}
        onValueChange={stores.project.getState().setTag}
      />
      <Select
        label="Platform"
        hideLabel
        className="project-bar__platform"
        leading={<Cpu className="field__icon" aria-hidden="true" />}
        value={platform}
        options={platformOptions(platform)}
        onValueChange={value => change({ platform: value })}
      />
      <Select
        label="Backend"
        hideLabel
        className="project-bar__backend"
        value={backend}
        options={backendOptions(info)}
        onValueChange={value => change({ backend: value })}
      />
    </div>
  );
}
