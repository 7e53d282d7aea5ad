import { failureOf, type Failure } from '../../shared/failure.ts';

/** Something that is asked for. While it is asked for again, what was there before stays. */
export type Loadable<T> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'ready'; readonly value: T };

export const loading: Loadable<never> = { kind: 'loading' };

/** Waits for an answer and gives it as a value, failed or not; never throws. */
export async function settled<T>(answer: Promise<T>): Promise<Loadable<T>> {
  try {
    return { kind: 'ready', value: await answer };
  } catch (error) {
    return { kind: 'failed', failure: failureOf(error) };
  }
}

/** The value where it is there, else `fallback`. */
export function valueOr<T>(loadable: Loadable<T>, fallback: T): T {
  return loadable.kind === 'ready' ? loadable.value : fallback;
}
