import type { Dll } from './dll.ts';
import type { KoffiType } from './koffi.ts';
import type { Arguments, In, Outputs, Parameter } from './parameter.ts';

export interface KoffiFunction {
  (...args: unknown[]): unknown;
  async(...args: unknown[]): void;
}

/** What a call gave: its return value, and what it wrote through pointers. */
export interface Answer<P extends readonly Parameter[]> {
  readonly result: unknown;
  readonly outs: Outputs<P>;
}

/** A function of a DLL, called on this thread or on another one. The arguments are checked before koffi sees them. */
export interface NativeCall<P extends readonly Parameter[]> {
  readonly name: string;
  /** `settled` runs right after the function, before anything else can change the thread's last error. */
  sync(args: Arguments<P>): Answer<P>;
  async(args: Arguments<P>, settled?: () => void): Promise<Answer<P>>;
}

/** Declares a function; it is looked up when it is first called. Fails then as `Dll.func` does. */
export function declare<const P extends readonly Parameter[]>(
  dll: Dll,
  name: string,
  result: KoffiType,
  parameters: P,
): NativeCall<P> {
  let found: KoffiFunction | undefined;
  const resolve = () =>
    (found ??= dll.func(
      name,
      result,
      parameters.map(({ type }) => type()),
    ));
  return {
    name,
    sync(args) {
      const values = valuesFor(parameters, args);
      const native = resolve();
      return answer(native(...values), parameters, values);
    },
    async async(args, settled) {
      const values = valuesFor(parameters, args);
      const native = resolve();
      return await new Promise((done, fail) => {
        native.async(...values, (error: unknown, returned: unknown) => {
          settled?.();
          if (error !== null && error !== undefined) fail(error);
          else done(answer(returned, parameters, values));
        });
      });
    },
  };
}

function valuesFor(parameters: readonly Parameter[], args: readonly unknown[]): unknown[] {
  const rest = [...args];
  return parameters.map(parameter => {
    if (parameter.direction === 'fixed') return parameter.value;
    if (parameter.direction === 'out') return parameter.cell();
    return (parameter as In<unknown>).pass(rest.shift());
  });
}

function answer<P extends readonly Parameter[]>(
  result: unknown,
  parameters: P,
  values: readonly unknown[],
): Answer<P> {
  const outs = parameters.flatMap((parameter, index) =>
    parameter.direction === 'out' ? [parameter.take(values[index])] : [],
  );
  return { result, outs: outs as Outputs<P> };
}
