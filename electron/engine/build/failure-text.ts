import { explain, type Failure } from '../../../shared/failure.ts';

/** What a failure says, and what to do about it, as one text. */
export function failureText(failure: Failure): string {
  const { advice, message } = explain(failure);
  return advice === undefined ? message : `${message} ${advice}`;
}
