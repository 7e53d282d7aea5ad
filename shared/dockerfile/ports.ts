/** One EXPOSE argument after expansion. */
export type PortSpec =
  | {
      readonly ok: true;
      /** `80/tcp`, one for each port of a range. */
      readonly ports: readonly string[];
      readonly protocolIsLowerCase: boolean;
      /** The argument also names a host address or port, which EXPOSE ignores. */
      readonly mapsHost: boolean;
    }
  | { readonly ok: false; readonly problem: string };

/** Reads `[ip:][hostPort:]port[-port][/protocol]` (Dockerfile reference, "EXPOSE"; host parts are only tolerated). */
export function parsePort(text: string): PortSpec {
  const colon = text.lastIndexOf(':');
  const [container = '', protocol = '', ...others] = text.slice(colon + 1).split('/');
  const wanted = protocol.toLowerCase() || 'tcp';
  if (others.length > 0 || !['tcp', 'udp', 'sctp'].includes(wanted)) {
    return bad(`The protocol of ${text} must be tcp, udp or sctp.`);
  }
  const range = portRange(container);
  if (range === undefined) {
    return bad(`${text} is no port. Write a number from 0 to 65535, or a range such as 8000-8010.`);
  }
  const problem = colon < 0 ? undefined : hostProblem(text.slice(0, colon), range);
  if (problem !== undefined) return bad(problem);
  const [first, last] = range;
  const ports = Array.from(
    { length: last - first + 1 },
    (_, index) => `${first + index}/${wanted}`,
  );
  return {
    ok: true,
    ports,
    protocolIsLowerCase: protocol === protocol.toLowerCase(),
    mapsHost: colon >= 0,
  };
}

function bad(problem: string): PortSpec {
  return { ok: false, problem };
}

function portRange(text: string): readonly [number, number] | undefined {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  if (match === null) return undefined;
  const first = Number(match[1]);
  const last = Number(match[2] ?? match[1]);
  return first <= last && last <= 65535 ? [first, last] : undefined;
}

function hostProblem(text: string, container: readonly [number, number]): string | undefined {
  const hostPort = text.slice(text.lastIndexOf(':') + 1);
  if (hostPort === '') return undefined;
  const range = portRange(hostPort);
  if (range === undefined)
    return `${hostPort} is no host port. EXPOSE takes only the container's port.`;
  const [first, last] = container;
  if (last > first && range[1] - range[0] !== last - first) {
    return "The host and container ranges differ in length. EXPOSE takes only the container's port.";
  }
  return undefined;
}
