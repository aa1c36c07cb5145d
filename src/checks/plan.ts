// The plan: every (service, check) has its place before anything is asked, and no place is ever dropped.
import type { Location } from '../section.ts';
import type { Inquiry, Unaskable } from './inquiry.ts';
import type { Defaults } from './service.ts';

export interface Plan {
  readonly places: readonly Place[];
}

export interface Place {
  /** Id of the service. */
  readonly target: string;
  /** `health`, `version`, `tls`, `metrics`, or the check's own id; with `target` the only one of its kind. */
  readonly check: string;
  /** The line of sophia.yaml that asks for it; null without one. */
  readonly location: Location | null;
  /** Why it is left out; null where it is not. */
  readonly skip: string | null;
  /** Keys (`keyOf`) of places in which nothing but pass, flaky or warn may stand before this one is asked. */
  readonly needs: readonly string[];
  readonly retries: Defaults['retries'];
  /** With what earlier checks of the service captured. */
  readonly inquire: (captured: Readonly<Record<string, string>>) => Promise<Inquiry | Unaskable>;
}

export function keyOf({ target, check }: Pick<Place, 'target' | 'check'>): string {
  return `${target}\n${check}`;
}

/** `health of mcp-repo`. */
export function nameOf(key: string): string {
  const [target, check] = key.split('\n', 2);
  return check === undefined ? key : `${check} of ${target}`;
}
