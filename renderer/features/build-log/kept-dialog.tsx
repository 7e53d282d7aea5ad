import { useEffect, useRef, useState, type FormEvent } from 'react';
import { explain, failureOf } from '../../../shared/failure.ts';
import { useApp } from '../../app/context.tsx';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { TextField } from '../../components/text-field.tsx';
import { visible } from '../../components/visible.ts';
import type { StepView } from '../../stores/build-view.ts';
import { plainText } from './ansi.ts';

interface KeptDialogProps {
  readonly buildId: string;
  readonly step: StepView;
  readonly onClose: () => void;
}

/** Earlier lines go, so that a program that writes without end does not fill the page. */
const mostLines = 5000;

/** A shell in the files of a failed RUN: lines run one at a time, in a container that ends with the dialog. */
export function KeptDialog({ buildId, step, onClose }: KeptDialogProps) {
  const shell = useShell(buildId, onClose);
  const { lines, running, workingDir } = shell;
  const [line, setLine] = useState('');
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Gives a promise in newer browsers, which React would take for the clean-up.
    end.current?.scrollIntoView({ block: 'end' });
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- each new line scrolls
  }, [lines]);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (line.trim() === '' || running) return;
    void shell.run(line);
    setLine('');
  };
  return (
    <Dialog
      title="Files of the failed step"
      width="large"
      onClose={onClose}
      actions={
        <>
          <Button variant="danger" disabled={running} onClick={() => void shell.drop()}>
            Drop these files
          </Button>
          <Button onClick={onClose}>Close</Button>
        </>
      }
    >
      <p className="muted">
        As <code>{visible(step.text)}</code> left them, without its mounts and secrets. Lines are
        run by cmd.exe; <code>dir</code> lists, <code>type</code> shows, <code>cd</code> changes the
        folder.
      </p>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must reach it */}
      <div className="kept__output" role="log" aria-label="Output" tabIndex={0}>
        {lines.map(({ number, text, isError }) => (
          <div key={number} className={isError ? 'tone-bad' : undefined}>
            {visible(plainText(text))}
          </div>
        ))}
        <div ref={end} />
      </div>
      <form onSubmit={submit}>
        <TextField
          label={running ? 'Running' : visible(workingDir)}
          mono
          autoComplete="off"
          value={line}
          onValueChange={setLine}
        />
      </form>
    </Dialog>
  );
}

interface ShellLine {
  readonly number: number;
  readonly text: string;
  readonly isError: boolean;
}

function useShell(buildId: string, onDropped: () => void) {
  const { api, stores } = useApp();
  const [lines, setLines] = useState<readonly ShellLine[]>([]);
  const [running, setRunning] = useState(false);
  const [workingDir, setWorkingDir] = useState('C:\\');
  const add = (texts: readonly string[], isError = false): void =>
    setLines(before => withLines(before, texts, isError));
  useEffect(() => {
    const stop = api.on('kept.output', ({ buildId: of, stream, lines: texts }) => {
      if (of === buildId) setLines(before => withLines(before, texts, stream === 'stderr'));
    });
    api
      .request('kept.list', {})
      .then(steps => {
        const found = steps.find(step => step.buildId === buildId)?.workingDir;
        if (found !== undefined && found !== '') setWorkingDir(found);
      })
      .catch(() => undefined);
    return () => {
      stop();
      // The container must not outlive the dialog; what goes wrong there is swept by the next build.
      api.request('kept.close', { buildId }).catch(() => undefined);
    };
  }, [api, buildId]);
  return {
    lines,
    running,
    workingDir,
    async run(line: string): Promise<void> {
      setRunning(true);
      add([`${workingDir}> ${line}`]);
      try {
        const answer = await api.request('kept.run', { buildId, line });
        setWorkingDir(answer.workingDir);
        if (answer.exitCode !== 0) add([`exit code ${answer.exitCode}`], true);
      } catch (error) {
        const { message, advice } = explain(failureOf(error));
        add([message, ...(advice === undefined ? [] : [advice])], true);
      } finally {
        setRunning(false);
      }
    },
    async drop(): Promise<void> {
      try {
        await api.request('kept.drop', { buildId });
        onDropped();
      } catch (error) {
        stores.notices.getState().tellError(error, 'The files could not be dropped');
      }
    },
  };
}

function withLines(
  before: readonly ShellLine[],
  texts: readonly string[],
  isError: boolean,
): readonly ShellLine[] {
  const first = (before.at(-1)?.number ?? 0) + 1;
  const added = texts.map((text, at) => ({ number: first + at, text, isError }));
  return [...before, ...added].slice(-mostLines);
}
