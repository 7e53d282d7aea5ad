import { CircleCheck, Hammer, Info, OctagonAlert, RotateCcw, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { formatBytes } from '../../shared/format-bytes.ts';
import type { HostVerdictView } from '../../shared/ipc/app-views.ts';
import type {
  PreflightBase,
  PreflightCommand,
  PreflightFinding,
  PreflightView,
} from '../../shared/ipc/preflight-views.ts';
import { Badge, type Tone } from '../components/badge.tsx';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { FailureView } from '../components/failure-view.tsx';
import { formatPlural } from '../components/format.ts';
import { Skeleton } from '../components/skeleton.tsx';
import { visible } from '../components/visible.ts';
import { buildRequestOf } from '../stores/build-request.ts';
import { fileInProject } from '../stores/file-in-project.ts';
import { openProject } from '../stores/project.ts';
import { useApp } from './context.tsx';
import { useAnswer } from './context/use-answers.ts';
import './preflight-dialog.css';

/** What is known of the next build before a byte is fetched, on one screen. */
export function PreflightDialog({ onClose }: { readonly onClose: () => void }) {
  const { stores } = useApp();
  const [tries, setTries] = useState(0);
  const project = useStore(stores.project);
  const settings = useStore(stores.settings, state => state.settings);
  const secrets = useStore(stores.nextBuild, state => state.secrets);
  const { currentFile, tag, target } = project;
  const choice = { currentFile, tag, target, secrets };
  const request = buildRequestOf(openProject(project), settings, choice);
  const { answer, retry } = useAnswer('build.preflight', request, tries);
  const build = (): void => {
    onClose();
    stores.commands.getState().run('build.start');
  };
  const errors = answer.kind === 'ready' ? count(answer.value.findings, 'error') : 0;
  return (
    <Dialog
      title="Pre-flight"
      width="large"
      className="preflight"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button icon={<RotateCcw aria-hidden="true" />} onClick={() => setTries(tries + 1)}>
            Look again
          </Button>
          <Button
            variant="primary"
            icon={<Hammer aria-hidden="true" />}
            disabled={answer.kind !== 'ready' || errors > 0}
            onClick={build}
          >
            Build image
          </Button>
        </>
      }
    >
      {answer.kind === 'loading' && <Skeleton label="Looking at the build" />}
      {answer.kind === 'failed' && (
        <FailureView
          title="The build could not be looked at"
          failure={answer.failure}
          onRetry={retry}
        />
      )}
      {answer.kind === 'ready' && <Report view={answer.value} onClose={onClose} />}
    </Dialog>
  );
}

function count(
  findings: readonly PreflightFinding[],
  severity: PreflightFinding['severity'],
): number {
  return findings.filter(finding => finding.severity === severity).length;
}

interface ReportProps {
  readonly view: PreflightView;
  readonly onClose: () => void;
}

function Report({ view, onClose }: ReportProps) {
  const { navigate, stores } = useApp();
  const project = useStore(stores.project, openProject);
  const file = fileInProject(view.file, project.dir);
  const goTo =
    file === undefined
      ? undefined
      : (range: NonNullable<PreflightFinding['range']>): void => {
          onClose();
          navigate.openEditorAt(range, file);
        };
  return (
    <>
      <Verdict view={view} />
      <Findings findings={view.findings} goTo={goTo} />
      <Bases bases={view.bases} />
      <Facts view={view} />
      {view.commands.length > 0 && <Commands commands={view.commands} />}
    </>
  );
}

function Verdict({ view }: { readonly view: PreflightView }) {
  const { findings, stages, steps } = view;
  const errors = count(findings, 'error');
  const size = `${formatPlural(stages, 'stage')}, ${formatPlural(steps, 'step')}`;
  return (
    <p role="status" className="preflight__verdict">
      <Badge
        tone={errors > 0 ? 'bad' : 'ok'}
        icon={errors > 0 ? <OctagonAlert aria-hidden="true" /> : <CircleCheck aria-hidden="true" />}
      >
        {errors > 0 ? `${formatPlural(errors, 'error')} in the way` : 'Nothing stands in the way'}
      </Badge>
      <span className="muted">
        {formatPlural(count(findings, 'warning'), 'warning')},{' '}
        {formatPlural(count(findings, 'info'), 'hint')} · {size}
        {view.backend !== undefined && ` · ${view.backend.backend} backend: ${view.backend.reason}`}
      </span>
    </p>
  );
}

const severities = {
  error: { Icon: OctagonAlert, words: 'Error', className: 'preflight__icon--error' },
  warning: { Icon: TriangleAlert, words: 'Warning', className: 'preflight__icon--warning' },
  info: { Icon: Info, words: 'Hint', className: 'preflight__icon--info' },
} as const;

interface FindingsProps {
  readonly findings: readonly PreflightFinding[];
  /** Absent where the build file is not in the open project. */
  readonly goTo: ((range: NonNullable<PreflightFinding['range']>) => void) | undefined;
}

function Findings({ findings, goTo }: FindingsProps) {
  if (findings.length === 0) return null;
  return (
    <section aria-label="Findings">
      <h3>Findings</h3>
      <ul className="preflight__findings">
        {findings.map((finding, index) => {
          const { Icon, className, words } = severities[finding.severity];
          const { range } = finding;
          return (
            <li key={index}>
              <Icon aria-hidden="true" className={className} />
              <span className="visually-hidden">{words}:</span>
              <span>{visible(finding.message)}</span>
              {range !== undefined && goTo !== undefined && (
                <Button size="small" onClick={() => goTo(range)}>
                  Line {range.start.line + 1}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

const sources: { readonly [S in PreflightBase['source']]: string } = {
  store: 'in the store',
  registry: 'will be pulled',
  sample: 'sample, will be made',
  stage: 'an earlier stage',
  scratch: 'nothing',
};
const verdicts: {
  readonly [K in HostVerdictView['kind']]: readonly [words: string, tone: Tone];
} = {
  process: ['runs here', 'ok'],
  'hyperv-only': ['runs here with Hyper-V', 'ok'],
  impossible: ['does not run here', 'warn'],
  unknown: ['not known', 'neutral'],
  'not-windows': ['runs on Windows hosts', 'neutral'],
};

function Bases({ bases }: { readonly bases: readonly PreflightBase[] }) {
  return (
    <section aria-label="Bases">
      <h3>What the stages begin with</h3>
      <ul className="preflight__bases">
        {bases.map(({ osVersion, reference, source, stage, stageName, verdict }) => (
          <li key={stage}>
            <span className="muted">
              {stageName === undefined ? `stage ${stage}` : visible(stageName)}
            </span>
            <code>{visible(reference)}</code>
            <span className="muted">
              {sources[source]}
              {osVersion !== undefined && ` · ${visible(osVersion)}`}
            </span>
            {verdict && (
              <Badge tone={verdicts[verdict.kind][1]} title={visible(verdict.reason)}>
                {verdicts[verdict.kind][0]}
              </Badge>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Facts({ view }: { readonly view: PreflightView }) {
  const { context, disk } = view;
  const largest = Math.max(1, ...context.biggest.map(({ bytes }) => bytes));
  return (
    <section aria-label="Context">
      <h3>Context</h3>
      <p>
        {formatPlural(context.files, 'file')}, {formatBytes(context.bytes)}
        {context.isCut && ' and more'}; .dockerignore leaves out{' '}
        {formatPlural(context.ignored, 'entry', 'entries')}.
        {disk && ` The disk of the store has ${formatBytes(disk.free)} free.`}
      </p>
      <ul className="preflight__shares">
        {context.biggest.map(({ bytes, files, path }) => (
          <li key={path}>
            <span className="truncate">{visible(path)}</span>
            <span className="preflight__bar" aria-hidden="true">
              <span style={{ inlineSize: `${(100 * bytes) / largest}%` }} />
            </span>
            <span className="numeric muted">
              {formatBytes(bytes)}, {formatPlural(files, 'file')}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

const readers = {
  cmd: 'cmd runs',
  powershell: 'PowerShell runs',
  program: 'as arguments',
} as const;

function Commands({ commands }: { readonly commands: readonly PreflightCommand[] }) {
  return (
    <details>
      <summary>{formatPlural(commands.length, 'command line')}, to the letter</summary>
      <dl className="preflight__commands">
        {commands.map(({ commandLine, keyword, notes, range, reader, received }, index) => (
          <div key={index}>
            <dt>
              {keyword}, line {range.start.line + 1}
            </dt>
            <dd>
              <pre>{visible(commandLine)}</pre>
              {received.length > 0 && (
                <>
                  <span className="muted">{readers[reader]}</span>
                  <pre>{received.map(one => visible(one)).join('\n')}</pre>
                </>
              )}
              {notes.map(note => (
                <p key={note} className="preflight__icon--warning">
                  {note}
                </p>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
