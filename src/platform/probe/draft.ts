// An answer while it comes about: what is known is kept, whatever happens next.
import type { Answer, Certificate, HttpReply, Phases, TriedAddress, Trouble } from '../../answer.ts';
import type { Deadline } from './deadline.ts';

/** A question on its way. */
export interface Course {
  readonly draft: Draft;
  readonly deadline: Deadline;
  readonly lookUp: LookUp;
}

/** The addresses of a host. Rejects with the system's own error (`ENOTFOUND`). */
export type LookUp = (host: string, family: 'any' | 4 | 6) => Promise<readonly string[]>;

type Lap = Exclude<keyof Phases, 'totalMs'>;

export class Draft {
  readonly addresses: TriedAddress[] = [];
  http: HttpReply | null = null;
  certificate: Certificate | null = null;
  records: readonly string[] | null = null;
  readonly #at = new Date().toISOString();
  readonly #startedMs = performance.now();
  readonly #phases: Record<Lap, number | null> = { dnsMs: null, connectMs: null, tlsMs: null, ttfbMs: null, bodyMs: null };
  #lapMs = this.#startedMs;
  #totalMs: number | null = null;

  /** The phase that ends here. */
  mark(lap: Lap): void {
    if (this.#totalMs !== null) return;
    const nowMs = performance.now();
    this.#phases[lap] = toMicroseconds(nowMs - this.#lapMs);
    this.#lapMs = nowMs;
  }

  /** At another address the clock of the phases begins again. */
  restart(): void {
    this.#lapMs = performance.now();
  }

  /** What happens from now on is not part of what was measured. */
  stopClock(): void {
    this.#totalMs ??= toMicroseconds(performance.now() - this.#startedMs);
  }

  finish(trouble: Trouble | null): Answer {
    this.stopClock();
    return {
      at: this.#at,
      phases: { ...this.#phases, totalMs: this.#totalMs ?? 0 },
      trouble,
      addresses: this.addresses,
      http: this.http,
      certificate: this.certificate,
      records: this.records,
    };
  }
}

/** What a clock says beyond them is noise, and every proof would keep it. */
function toMicroseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
