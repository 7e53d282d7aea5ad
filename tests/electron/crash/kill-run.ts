import { setTimeout as pause } from 'node:timers/promises';
import { checkStore, type Found } from './check-store.ts';
import { seededRandom, type Random } from './random.ts';
import { newCrashSite, type Action, type CrashSite, type Running } from './site.ts';

type Kind = Action['name'];
const kinds: readonly [Kind, ...Kind[]] = ['build', 'pull', 'gc'];

/** What a run of kills did, by action. */
export interface KillReport {
  readonly kills: Readonly<Record<Kind, number>>;
  /** Actions that had ended by themselves before they were to be killed. */
  readonly late: number;
  /** Kills while a second process worked in the same store. */
  readonly beside: number;
  /** Actions that were killed and then ran to their end. */
  readonly resumed: number;
}

/**
 * Kills the command line in builds, pulls and collections `count` times, each at a random moment, and checks the whole
 * store each time. Throws with the seed and what was done where anything is not as it should be.
 */
export async function killAtRandom(count: number, seed: number): Promise<KillReport> {
  const random = seededRandom(seed);
  await using site = await newCrashSite(random);
  const run = new KillRun(site, random, seed);
  await run.calibrate();
  for (let round = 0; run.killed < count && round < count * 3; round += 1) await run.round(round);
  await run.finish();
  return run.report;
}

class KillRun {
  readonly report = { kills: { build: 0, pull: 0, gc: 0 }, late: 0, beside: 0, resumed: 0 };
  readonly #site: CrashSite;
  readonly #random: Random;
  readonly #seed: number;
  readonly #durations = new Map<Kind, number>();
  #done: string[] = [];

  constructor(site: CrashSite, random: Random, seed: number) {
    this.#site = site;
    this.#random = random;
    this.#seed = seed;
  }

  get killed(): number {
    const { build, gc, pull } = this.report.kills;
    return build + gc + pull;
  }

  /** Takes the time that each action needs here and now. */
  async calibrate(): Promise<void> {
    for (const name of ['build', 'pull', 'gc'] as const) {
      // The first time, Node compiles and the samples are made.
      for (let turn = 0; turn < 2; turn += 1) {
        const action = await this.#site.next(name, turn);
        const start = performance.now();
        await this.#toItsEnd(action, this.#site.start(action));
        this.#durations.set(name, performance.now() - start);
      }
    }
  }

  async round(round: number): Promise<void> {
    const action = await this.#site.next(this.#random.oneOf(kinds), round);
    const other = this.#random.oneOf([true, false, false])
      ? await this.#otherThan(action, round)
      : undefined;
    const before = await this.#check();
    const beside = other && { action: other, running: this.#site.start(other) };
    const wasKilled = await this.#kill(action);
    if (beside !== undefined) {
      this.report.beside += wasKilled ? 1 : 0;
      await this.#toItsEnd(beside.action, beside.running);
    }
    const after = await this.#check();
    if (action.name !== 'gc' && other?.name !== 'gc') this.#expectKept(before, after);
    if (wasKilled && this.#random.oneOf([true, false, false])) {
      await this.#toItsEnd(action, this.#site.start(action));
      this.report.resumed += 1;
    }
  }

  /** At last all can be done once more, and nothing is left that does not belong there. */
  async finish(): Promise<void> {
    for (const name of ['build', 'pull', 'gc'] as const) {
      const action = await this.#site.next(name, 0);
      await this.#toItsEnd(action, this.#site.start(action));
    }
    await this.#check();
  }

  async #otherThan({ name }: Action, round: number): Promise<Action> {
    const others = (['pull', 'build', 'gc'] as const).filter(each => each !== name);
    return await this.#site.next(
      this.#random.oneOf([others[0] ?? 'pull', others[1] ?? 'gc']),
      round + 1,
    );
  }

  /** Gives whether it was killed before it had ended. */
  async #kill(action: Action): Promise<boolean> {
    const usual = this.#durations.get(action.name) ?? 1000;
    const delay = this.#random.between(0.3, 1.05) * usual;
    const running = this.#site.start(action);
    const ended = running.finished.then(() => true);
    const isLate = await Promise.race([ended, pause(delay, false, { ref: false })]);
    running.child.kill('SIGKILL');
    await running.finished;
    const wasKilled = !isLate && running.child.signalCode === 'SIGKILL';
    this.#done.push(
      `${action.args.join(' ')} ${wasKilled ? `killed after ${Math.round(delay)} ms` : 'ended'}`,
    );
    if (wasKilled) this.report.kills[action.name] += 1;
    else this.report.late += 1;
    return wasKilled;
  }

  async #toItsEnd(action: Action, running: Running): Promise<void> {
    const { code, err } = await running.finished;
    this.#done.push(`${action.args.join(' ')} ended with ${code}`);
    const mayBeBusy = action.name === 'gc' && /is in use/.test(err);
    if (code !== 0 && !mayBeBusy)
      this.#fail([`${action.args.join(' ')} ended with ${code}: ${err}`]);
  }

  async #check(): Promise<Found> {
    const found = await checkStore(this.#site.place.storeDir).catch((error: unknown) =>
      this.#fail([String(error)]),
    );
    if (found.problems.length > 0) this.#fail(found.problems);
    return found;
  }

  #expectKept(before: Found, after: Found): void {
    const lost = [...before.blobs].filter(digest => !after.blobs.has(digest));
    const unnamed = before.names.filter(name => !after.names.includes(name));
    if (lost.length > 0 || unnamed.length > 0) {
      this.#fail([
        ...lost.map(digest => `lost ${digest}`),
        ...unnamed.map(name => `lost the name ${name}`),
      ]);
    }
  }

  #fail(problems: readonly string[]): never {
    const last = this.#done.slice(-6).join('\n');
    throw new Error(
      `seed ${this.#seed}, after ${this.killed} kills:\n${problems.join('\n')}\nthe last of what was done:\n${last}`,
    );
  }
}
