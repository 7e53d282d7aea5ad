import type { OutgoingHttpHeaders } from 'node:http';

/** What a registry can do wrong. Numbers of bytes count bodies only. */
export type Fault =
  /** The connection ends after so many bytes of the answer. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  /** After so many bytes nothing comes any more, and the connection stays open. */
  | { readonly kind: 'stall'; readonly afterBytes: number }
  /** `bytes` at a time, with a pause between. */
  | { readonly kind: 'trickle'; readonly bytes: number; readonly milliseconds: number }
  /** The right length, but its last byte is another. */
  | { readonly kind: 'wrong-content' }
  /** `Docker-Content-Digest` says something else than what comes. */
  | { readonly kind: 'wrong-digest-header' }
  /** `Content-Length` is so much greater (or smaller) than what comes. */
  | { readonly kind: 'wrong-length'; readonly by: number }
  /** Repeats the body for ever, without a `Content-Length`. */
  | { readonly kind: 'endless' }
  /** A page of some proxy, with status 200 or another. */
  | { readonly kind: 'html'; readonly status?: number }
  /** A JSON manifest of so many bytes. */
  | { readonly kind: 'huge-manifest'; readonly bytes: number; readonly mediaType: string }
  /** Redirects to itself, again and again. Counts as one time for each request. */
  | { readonly kind: 'redirect-loop' }
  /** Redirects to the same path of another origin, such as `http://localhost:8080`. */
  | { readonly kind: 'redirect'; readonly origin: string; readonly status?: number }
  /** Answers so instead of doing what is asked; the request's body is thrown away. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: OutgoingHttpHeaders;
      readonly code?: string;
      readonly message?: string;
    }
  /** Answers for another reference: the tag has moved to it. */
  | { readonly kind: 'moved-tag'; readonly reference: string }
  /** Sends the whole blob with 200 though a range is asked for. */
  | { readonly kind: 'ignore-range' }
  /** `Content-Range` begins so many bytes later than what comes. */
  | { readonly kind: 'wrong-content-range'; readonly by: number }
  /** Takes so many bytes of the request, then the connection ends; the registry behind has kept them. */
  | { readonly kind: 'cut-request'; readonly afterBytes: number }
  /** Takes so many bytes of the request and no more, and the connection stays open. */
  | { readonly kind: 'stall-request'; readonly afterBytes: number }
  /** Does what is asked, but the connection ends before the answer. */
  | { readonly kind: 'lost-answer' };

/** `429 Too Many Requests` with `Retry-After` in seconds or as an HTTP date; `after` is what the header says. */
export function tooManyRequests(after: number | Date): Fault {
  return {
    kind: 'status',
    status: 429,
    headers: { 'retry-after': typeof after === 'number' ? String(after) : after.toUTCString() },
    code: 'TOOMANYREQUESTS',
    message: 'slow down',
  };
}

/** `401`, as with a token that has just run out; `challenge` is the `WWW-Authenticate` header. */
export function unauthorized(challenge: string): Fault {
  return {
    kind: 'status',
    status: 401,
    headers: { 'www-authenticate': challenge },
    code: 'UNAUTHORIZED',
    message: 'authentication required',
  };
}

/** Which requests a fault is for. */
export interface FaultOrder {
  readonly fault: Fault;
  /** Tested on the path with its query. */
  readonly path: RegExp;
  /** `GET`, `PATCH`, ...; any by default. */
  readonly method?: string;
  /** How many requests are hit; 1 by default, `Infinity` for all. */
  readonly times?: number;
  /** How many matching requests pass unharmed before that; 0 by default. */
  readonly after?: number;
}

/** Keeps the orders; gives the fault for each request, first come, first served. */
export class FaultPlan {
  readonly #orders: { readonly order: FaultOrder; passing: number; left: number }[] = [];

  add(order: FaultOrder): void {
    this.#orders.push({ order, passing: order.after ?? 0, left: order.times ?? 1 });
  }

  clear(): void {
    this.#orders.length = 0;
  }

  next(method: string, path: string): Fault | undefined {
    for (const waiting of this.#orders) {
      const { order } = waiting;
      const matches = order.path.test(path) && (order.method ?? method) === method;
      if (!matches || waiting.left <= 0) continue;
      if (waiting.passing > 0) {
        waiting.passing -= 1;
        continue;
      }
      waiting.left -= 1;
      return order.fault;
    }
    return undefined;
  }
}
