/** Names that usually hold secrets, which ENV and ARG would store in the image (Docker's SecretsUsedInArgOrEnv). */
const secretName =
  /(?:_|^)(?:apikey|auth|credentials?|key|password|pword|passwd|secret|token)(?:_|$)/i;
const harmlessName = /(?:_|^)(?:public|file|version)(?:_|$)/i;

/** Tells whether a variable's name says that its value is to stay secret. */
export function isSecretName(name: string): boolean {
  return secretName.test(name) && !harmlessName.test(name);
}
