import { AppError } from '../../../shared/failure.ts';
import { answerFailure, type Purpose } from './answer-failure.ts';
import type { Authorizer } from './authorizer.ts';
import type { RegistryAnswer, RegistryRequest, Send } from './exchange.ts';
import type { FindOrigin } from './origins.ts';
import type { Scope } from './scopes.ts';

/** A request to one of the endpoints of distribution-spec. */
export interface Call extends Omit<RegistryRequest, 'registry' | 'url'> {
  readonly purpose: Purpose;
  readonly scopes: readonly Scope[];
  /** Below the registry's address, such as `/v2/`; or where the registry itself has sent us. */
  readonly target: string | URL;
}

/** Speaks with registries; what is left to do is to know their endpoints. */
export interface RegistryApi {
  call(call: Call, signal?: AbortSignal): Promise<RegistryAnswer>;
  /** The failure that an answer is whose status was not expected. Reads its body. */
  failure(answer: RegistryAnswer, purpose: Purpose): Promise<AppError>;
  forget(registry: string): void;
}

export interface ApiParts {
  readonly authorizer: Authorizer;
  /** For places outside the registry, where nobody signs in. */
  readonly send: Send;
  readonly findOrigin: FindOrigin;
}

export function createApi({ authorizer, send, findOrigin }: ApiParts): RegistryApi {
  return {
    async call({ purpose, scopes, target, ...rest }, signal) {
      const origin = await findOrigin(purpose.registry, signal);
      const url = typeof target === 'string' ? new URL(target, origin) : target;
      const request = { ...rest, registry: purpose.registry, url };
      if (url.origin !== origin.origin) return await send(request, signal);
      return await authorizer.send({ request, purpose, scopes }, signal);
    },
    async failure(answer, purpose) {
      const user = authorizer.user(purpose.registry);
      const failure = await answerFailure(
        answer,
        user === undefined ? purpose : { ...purpose, user },
      );
      const { code } = failure.failure;
      const isRefused = code === 'registry-unauthorized' || code === 'registry-denied';
      return (isRefused ? authorizer.credentialFailure(purpose.registry) : undefined) ?? failure;
    },
    forget: registry => authorizer.forget(registry),
  };
}
