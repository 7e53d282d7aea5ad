import { CircleAlert, CircleCheck, Info, X } from 'lucide-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { Button, IconButton } from '../components/button.tsx';
import { visible } from '../components/visible.ts';
import type { Notice } from '../stores/notices.ts';
import { useApp } from './context.tsx';
import './notice-region.css';

const lifeMs = 6000;

/** What is told in passing, newest last. What went wrong stays until it is put away. */
export function NoticeRegion() {
  const { stores } = useApp();
  const shown = useStore(stores.notices, notices => notices.shown);
  return (
    <section className="notices" aria-label="Notifications">
      <div role="status">{shown.filter(({ tone }) => tone !== 'bad').map(draw)}</div>
      <div role="alert">{shown.filter(({ tone }) => tone === 'bad').map(draw)}</div>
    </section>
  );
}

function draw(notice: Notice) {
  return <NoticeCard key={notice.noticeId} notice={notice} />;
}

const icons = { ok: CircleCheck, info: Info, bad: CircleAlert } as const;

function NoticeCard({ notice }: { readonly notice: Notice }) {
  const { stores } = useApp();
  const { noticeId, tone, message, advice, action } = notice;
  const dismiss = () => stores.notices.getState().dismiss(noticeId);
  useEffect(() => {
    if (tone === 'bad') return;
    const timer = setTimeout(() => stores.notices.getState().dismiss(noticeId), lifeMs);
    return () => clearTimeout(timer);
  }, [stores, tone, noticeId]);
  const Icon = icons[tone];
  return (
    <div className={`notice notice--${tone}`}>
      <Icon className="notice__icon" aria-hidden="true" />
      <div className="notice__text">
        <p>{visible(message)}</p>
        {advice !== undefined && <p className="muted">{visible(advice)}</p>}
        {action && (
          <Button
            size="small"
            onClick={() => {
              dismiss();
              action.run();
            }}
          >
            {action.label}
          </Button>
        )}
      </div>
      <IconButton size="small" label="Dismiss" icon={<X aria-hidden="true" />} onClick={dismiss} />
    </div>
  );
}
