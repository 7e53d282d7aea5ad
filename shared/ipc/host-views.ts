/** What was found about one thing that building needs. */
export interface HostCheck {
  /** Stable, in kebab case. */
  readonly check: string;
  /** In a word or two: `Windows`, `Hyper-V`. */
  readonly title: string;
  /** `problem`: what Layerwright does here does not work without; `warning`: something is missing or will be soon. */
  readonly state: 'ok' | 'warning' | 'problem' | 'unknown';
  /** What was found: `Windows Server 2025 (build 26100.4652)`. */
  readonly found: string;
  /** What it means, in a sentence. */
  readonly meaning: string;
  readonly remedy?: HostRemedy;
}

export interface HostRemedy {
  /** What to do, in a sentence. */
  readonly text: string;
  /** The exact command, for PowerShell on Windows and for a shell elsewhere. */
  readonly command?: string;
}

/** What this machine can do. */
export interface HostCapabilities {
  /** Whether RUN works here: nothing that it needs is a problem. */
  readonly canRun: boolean;
  /** In one sentence: what works here, and why. */
  readonly summary: string;
  readonly checks: readonly HostCheck[];
}
