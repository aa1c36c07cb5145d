// A service as the plan knows it: sophia.yaml with the defaults filled in, durations in milliseconds. `${env.…}` is still as written.
import type { Json } from '../outcome.ts';
import type { RecordType } from '../answer.ts';

export interface Defaults {
  readonly timeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly retries: { readonly network: number; readonly backoffMs: readonly [number, number] };
  readonly maxBodyBytes: number;
  readonly family: 'any' | 4 | 6;
  readonly userAgent: string;
}

export interface Service {
  readonly id: string;
  readonly title: string | null;
  /** Null for a service that has only checks of other kinds (tcp, dns, tls). */
  readonly url: string | null;
  /** Why plain http:// to another machine is right; without it a url that turns out to be one is not asked. */
  readonly insecure?: string | null;
  readonly deploy: Deploy | null;
  readonly ready: { readonly withinMs: number; readonly everyMs: number; readonly passes: number };
  /** Null where there is no url. */
  readonly health: HealthRule | null;
  readonly version: VersionRule | null;
  readonly metrics: MetricsRule | null;
  /** Of https: how long the certificate must hold, and a file of further trusted certificates, relative to sophia.yaml. */
  readonly tls: { readonly minDays: number; readonly warnDays: number; readonly ca: string | null };
  /** Ids of services that must be healthy first. */
  readonly needs: readonly string[];
  /** Why it is left out; null where it is not. */
  readonly skip: string | null;
  readonly checks: readonly CheckEntry[];
}

interface Optional {
  /** Why it is no matter that the tool is not there; null where it is one. */
  readonly optional: string | null;
}

export type Deploy =
  | ({ readonly kind: 'fly'; readonly app: string } & Optional)
  | ({ readonly kind: 'compose'; readonly project: string | null; readonly service: string } & Optional)
  | ({ readonly kind: 'kube'; readonly namespace: string | null; readonly deployment: string } & Optional)
  | ({ readonly kind: 'command'; readonly argv: readonly string[] } & Optional);

export interface HealthRule {
  readonly path: string;
  /** RFC 9535 singular query. */
  readonly at: string;
  /** Words, compared without case. */
  readonly pass: readonly string[];
  readonly warn: readonly string[];
  readonly fail: readonly string[];
}

export interface VersionRule {
  readonly path: string;
  readonly from: { readonly at: string } | { readonly header: string };
  /** As written; null where the expected commit is the one of the run. */
  readonly equals: string | null;
  readonly samples: number;
}

export interface MetricsRule {
  readonly path: string;
  readonly format: 'auto' | 'sophia-json' | 'openmetrics' | 'prometheus';
  readonly names: { readonly requests: string; readonly errors: string; readonly latency: string };
}

/** One of `checks:`. `entry` is what the kind's own shape accepted, as it stands in the file. */
export interface CheckEntry {
  readonly id: string;
  /** Of the kind in kinds/. */
  readonly kind: string;
  readonly entry: Readonly<Record<string, Json>>;
  /** Ids of checks of the same service. */
  readonly needs: readonly string[];
  readonly skip: string | null;
}

export interface Objective {
  readonly id: string;
  readonly service: string;
  readonly check: string;
  readonly indicator: 'availability' | 'latency';
  /** Of latency: what takes longer is bad (ms). */
  readonly underMs: number | null;
  /** Decimal text in (0, 1): `0.95`. */
  readonly target: string;
  readonly windowMs: number;
  readonly samples: { readonly perRun: number; readonly rate: number };
  /** `bad`, or why missing runs are left out. */
  readonly missing: 'bad' | { readonly exclude: string };
  /** ISO day; null where it begins with the first proof. */
  readonly since: string | null;
}

export interface Schedule {
  /** Null where no smoke runs are planned. */
  readonly smoke: { readonly everyMs: number; readonly graceMs: number } | null;
}

/** All that sophia.yaml says for this area. */
export interface Operations {
  readonly services: readonly Service[];
  readonly defaults: Defaults;
  /** Names of origins → as written. */
  readonly origins: Readonly<Record<string, string>>;
  /** URLs of something that is up when our own network is. */
  readonly control: readonly string[];
  readonly objectives: readonly Objective[];
  readonly schedule: Schedule;
  readonly incidents: { readonly after: number; readonly labels: readonly string[] };
}

export const RECORD_TYPES = ['A', 'AAAA', 'CNAME', 'MX', 'NS', 'TXT', 'CAA', 'SRV'] as const satisfies readonly RecordType[];
