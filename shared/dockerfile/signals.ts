/** Names of Linux' signals without SIG, as docker stop knows them (moby/sys/signal). */
const names: ReadonlySet<string> = new Set(
  (
    'ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM TRAP ' +
    'TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ RTMIN RTMAX'
  ).split(' '),
);

/** Tells whether STOPSIGNAL takes this: a number above 0, or a name with or without SIG, in any case. */
export function isSignal(text: string): boolean {
  if (/^\d{1,3}$/.test(text)) return Number(text) > 0;
  const name = text.toUpperCase().replace(/^SIG/, '');
  return names.has(name) || /^RTM(?:IN\+(?:[1-9]|1[0-5])|AX-(?:[1-9]|1[0-4]))$/.test(name);
}
