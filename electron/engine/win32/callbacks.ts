import { koffi, once } from './koffi.ts';
import type { Handle } from './parameter.ts';

/** What HCS tells about a compute system or a process; `status` is an HRESULT, 0 where there is none. */
export interface HcsNotice {
  readonly type: number;
  readonly status: number;
  /** A JSON document, or ''. */
  readonly data: string;
}

/** Who is told, by the number that was given to HCS as the context. */
export interface Listeners {
  /** A function pointer that HCS may call from any thread, for as long as the process lives. */
  pointer(): Handle;
  /** Gives the context; HCS is given it together with `pointer()`. */
  add(listener: (notice: HcsNotice) => void): number;
  remove(context: number): void;
}

/** A context of 0 would be NULL. */
const firstContext = 1;

/** HCS_EVENT (computedefs.h). */
const eventType = once(() =>
  koffi().struct({ Type: 'int32', EventData: 'str16', Operation: 'void *' }),
);

/** HCS_EVENT_CALLBACK (computedefs.h): (HCS_EVENT *event, void *context), for computecore.dll. */
export const eventListeners: Listeners = createListeners({
  parameters: ['void *', 'void *'],
  read(event, context) {
    const { Type, EventData } = koffi().decode(event, eventType()) as {
      Type: number;
      EventData: string | null;
    };
    return { context, notice: { type: Type >>> 0, status: 0, data: EventData ?? '' } };
  },
});

/** HCS_NOTIFICATION_CALLBACK (computedefs.h): (type, context, status, data), for vmcompute.dll. */
export const notificationListeners: Listeners = createListeners({
  parameters: ['uint32', 'void *', 'int32', 'str16'],
  read(type, context, status, data) {
    const notice = {
      type: type as number,
      status: (status as number) >>> 0,
      data: (data as string | null) ?? '',
    };
    return { context, notice };
  },
});

interface CallbackKind {
  readonly parameters: readonly string[];
  readonly read: (...args: unknown[]) => { readonly context: unknown; readonly notice: HcsNotice };
}

function createListeners({ parameters, read }: CallbackKind): Listeners {
  const listeners = new Map<number, (notice: HcsNotice) => void>();
  let next = firstContext;
  let registered: Handle | undefined;
  let awake: NodeJS.Timeout | undefined;
  return {
    pointer() {
      // Never unregistered: HCS may be calling it at any time.
      registered ??= koffi().register(
        (...args: unknown[]) => {
          const { context, notice } = read(...args);
          listeners.get(Number(context))?.(notice);
        },
        koffi().pointer(koffi().proto('void', [...parameters])),
      );
      return registered;
    },
    add(listener) {
      const context = next;
      next += 1;
      listeners.set(context, listener);
      // Callbacks do not keep Node alive while we wait for them.
      awake ??= setInterval(() => undefined, 60_000);
      return context;
    },
    remove(context) {
      listeners.delete(context);
      if (listeners.size > 0) return;
      clearInterval(awake);
      awake = undefined;
    },
  };
}
