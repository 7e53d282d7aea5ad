import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { useApp } from '../../app/context.tsx';
import { settled } from '../../stores/loadable.ts';

/** Whether a file with unsaved text is another one on disk by now. Looks when the window gets the focus, and when a save was put off. */
export function useChangedOnDisk(file: string): boolean {
  const { api, stores } = useApp();
  const loaded = useStore(stores.project, state => state.files.get(file));
  const conflict = useStore(stores.project, state => state.conflict);
  const open = loaded?.kind === 'ready' ? loaded.value : undefined;
  const version = open?.version;
  const isDraft = open?.draft !== undefined;
  const [foreign, setForeign] = useState<string>();
  const isAsked = conflict !== undefined;

  useEffect(() => {
    // When the question was put off, it is time to look again.
    if (!isDraft || isAsked) return;
    const controller = new AbortController();
    const look = async () => {
      const read = await settled(api.request('file.read', { file }, controller.signal));
      if (!controller.signal.aborted && read.kind === 'ready') setForeign(read.value.version);
    };
    const onFocus = () => void look();
    void look();
    window.addEventListener('focus', onFocus);
    return () => {
      controller.abort();
      setForeign(undefined);
      window.removeEventListener('focus', onFocus);
    };
  }, [api, file, isDraft, isAsked]);
  return isDraft && foreign !== undefined && version !== undefined && foreign !== version;
}
