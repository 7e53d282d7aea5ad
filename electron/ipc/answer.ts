import { z } from 'zod';
import { AppError, failureOf } from '../../shared/failure.ts';
import { inputs } from '../../shared/ipc/contract.ts';
import { channels } from '../../shared/ipc/names.ts';
import type { Channel, Input, Output, Reply } from '../../shared/ipc/contract.ts';
import { checkPlain } from './plain.ts';

/** One function for each channel of the contract: a missing one does not compile. */
export type Handlers = {
  readonly [C in Channel]: (input: Input<C>, signal: AbortSignal) => Promise<Output<C>>;
};

/** Some of the handlers, as one file of electron/ipc/handlers makes them. */
export type HandlersFor<C extends Channel> = Pick<Handlers, C>;

/**
 * Answers a request from a window that we trust to be ours, but not to be right. Never throws:
 * whatever goes wrong comes back as a failure.
 */
export async function answer(
  handlers: Handlers,
  channel: unknown,
  input: unknown,
  signal: AbortSignal,
): Promise<Reply<unknown>> {
  try {
    checkPlain(input);
    return { ok: true, value: await handle(handlers, knownChannel(channel), input, signal) };
  } catch (error) {
    return { ok: false, failure: failureOf(error) };
  }
}

function knownChannel(channel: unknown): Channel {
  const known = channels.find(name => name === channel);
  if (known === undefined) {
    throw new AppError({ code: 'bad-request', field: 'channel', problem: 'is not known' });
  }
  return known;
}

async function handle<C extends Channel>(
  handlers: Handlers,
  channel: C,
  input: unknown,
  signal: AbortSignal,
): Promise<Output<C>> {
  const schema: z.ZodType = inputs[channel];
  const checked = schema.safeParse(input);
  if (!checked.success) throw malformed(channel, checked.error);
  // The schema of this very channel has just said so.
  return handlers[channel](checked.data as Input<C>, signal);
}

function malformed(channel: Channel, error: z.ZodError): AppError {
  const issue = error.issues[0];
  const field = [channel, ...(issue?.path ?? []).map(String)].join('/').slice(0, 200);
  return new AppError({
    code: 'bad-request',
    field,
    problem: (issue?.message ?? 'is not valid').slice(0, 500),
  });
}
