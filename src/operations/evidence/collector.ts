// What collects evidence of a deployment: a file in this folder with `export default defineCollector({…})`.
import type { Judgement } from '../../checks/inquiry.ts';
import type { Deploy } from '../../checks/service.ts';

export type DeployOf<Kind extends Deploy['kind']> = Extract<Deploy, { readonly kind: Kind }>;

/** Arguments are lists: no shell reads them. What a platform calls healthy differs from tool to tool, so each judges for itself. */
export interface Recipe<Kind extends Deploy['kind']> {
  readonly kind: Kind;
  /** Programs, in the order in which they are looked for on the PATH; the first that can be started is used. */
  readonly tools: (deploy: DeployOf<Kind>) => readonly string[];
  /** Of the program that says how the deployment stands; null where only the log is there to be kept. */
  readonly statusArgs: (deploy: DeployOf<Kind>) => readonly string[] | null;
  /** Of the program that prints the last lines of the log and ends. */
  readonly logArgs: (deploy: DeployOf<Kind>) => readonly string[];
  /** Where the log is kept below proofs/: `fly/<app>_logs.txt`. `target` is the id of the service. */
  readonly logView: (deploy: DeployOf<Kind>, target: string) => string;
  /** Of what the status program printed. Its exit code is told for the record and proves nothing. Throws `UnreadableStatus`. */
  readonly judge: (stdout: string, deploy: DeployOf<Kind>) => readonly Judgement[];
}

/** A recipe of whichever kind. */
export type Collector = Pick<Recipe<Deploy['kind']>, 'kind'> & {
  readonly [Part in Exclude<keyof Recipe<Deploy['kind']>, 'kind'>]: (...asked: never[]) => ReturnType<Recipe<Deploy['kind']>[Part]>;
};

export function defineCollector<const Kind extends Deploy['kind']>(recipe: Recipe<Kind>): Recipe<Kind> {
  return recipe;
}

/** The program said nothing that can be understood: unknown, with what is odd about it. */
export class UnreadableStatus extends Error {
  override readonly name = 'UnreadableStatus';
}

/** One JSON document; throws `UnreadableStatus`. */
export function parseStatus(stdout: string): unknown {
  try {
    return JSON.parse(stdout) as unknown;
  } catch {
    throw new UnreadableStatus(stdout.trim() === '' ? 'it printed nothing' : 'what it printed is not JSON');
  }
}

/** The value as an object; null where it is none. */
export function asObject(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : null;
}

export function asObjects(value: unknown): readonly Readonly<Record<string, unknown>>[] | null {
  const objects = Array.isArray(value) ? value.map(asObject) : [null];
  return objects.every((each) => each !== null) ? objects : null;
}

export function asText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

export function unhealthy(reason: string, observed: Judgement['observed'] = null): Judgement {
  return { verdict: 'fail', code: 'EVIDENCE_UNHEALTHY', reason, observed };
}

/** Nothing but one image may run: a rollout that is half done answers as old and new by turns. */
export function judgeImages(images: readonly (string | null)[]): readonly Judgement[] {
  const known = [...new Set(images)].filter((image) => image !== null);
  if (known.length > 1)
    return [{ verdict: 'fail', code: 'EVIDENCE_MIXED_IMAGES', reason: `${known.length} images run side by side`, observed: known }];
  if (images.includes(null))
    return [{ verdict: 'unknown', code: 'EVIDENCE_FAILED', reason: 'not every instance says which image it runs' }];
  return [];
}
