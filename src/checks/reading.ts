// sophia.yaml's sections of this area as one thing, defaults filled in.
import type { Config } from '../section.ts';
import { parseDuration, parseSize } from '../units.ts';
import {
  controlSection,
  defaultsSection,
  incidentsSection,
  originsSection,
  scheduleSection,
  servicesSection,
  slosSection,
} from './section.ts';
import { kindOf, type EntryFile } from './sections/entry.ts';
import type { DeployFile, ObjectiveFile, ServiceFile } from './sections/shapes.ts';
import { STANDARDS } from './sections/standards.ts';
import type {
  CheckEntry,
  Defaults,
  Deploy,
  HealthRule,
  MetricsRule,
  Objective,
  Operations,
  Schedule,
  Service,
  VersionRule,
} from './service.ts';

export function readOperations(config: Config): Operations {
  return {
    services: Object.entries(config.read(servicesSection)).map(([id, service]) => toService(id, service)),
    defaults: toDefaults(config.read(defaultsSection)),
    origins: config.read(originsSection),
    control: config.read(controlSection),
    objectives: config.read(slosSection).map(toObjective),
    schedule: toSchedule(config.read(scheduleSection)),
    incidents: { ...STANDARDS.incidents, ...config.read(incidentsSection) },
  };
}

type Read<Section> = Section extends { readonly absent: infer Value } ? Value : never;

function toDefaults(file: Read<typeof defaultsSection>): Defaults {
  const standard = STANDARDS.defaults;
  const { network, backoff } = { ...standard.retries, ...file.retries };
  const [shortest = '', longest = ''] = backoff.split('..');
  return {
    timeoutMs: ms(file.timeout ?? standard.timeout),
    connectTimeoutMs: ms(file.connect_timeout ?? standard.connect_timeout),
    retries: { network, backoffMs: [ms(shortest), ms(longest)] },
    maxBodyBytes: bytes(file.max_body ?? standard.max_body),
    family: file.family ?? standard.family,
    userAgent: file.user_agent ?? standard.user_agent,
  };
}

function toService(id: string, file: ServiceFile): Service {
  const { url = null, version, metrics } = file;
  const ready = { ...STANDARDS.ready, ...file.ready };
  const tls = { ...STANDARDS.tls, ...file.tls };
  return {
    id,
    title: file.title ?? null,
    url,
    insecure: file.insecure ?? null,
    deploy: file.deploy === undefined ? null : toDeploy(file.deploy),
    ready: { withinMs: ms(ready.within), everyMs: ms(ready.every), passes: ready.passes },
    health: url === null ? null : toHealth(file.health ?? {}),
    version: version === undefined ? null : toVersion(version),
    metrics: metrics === undefined ? null : toMetrics(metrics),
    tls: { minDays: tls.min_days, warnDays: tls.warn_days, ca: file.tls?.ca ?? null },
    needs: file.needs ?? [],
    skip: file.skip ?? null,
    checks: (file.checks ?? []).map(toCheck),
  };
}

function toDeploy(file: DeployFile): Deploy {
  const optional = file.optional ?? null;
  switch (file.kind) {
    case 'fly':
      return { kind: file.kind, app: file.app, optional };
    case 'compose':
      return { kind: file.kind, project: file.project ?? null, service: file.service, optional };
    case 'kube':
      return { kind: file.kind, namespace: file.namespace ?? null, deployment: file.deployment, optional };
    case 'command':
      return { kind: file.kind, argv: file.argv, optional };
    default:
      return unreachable(file);
  }
}

const LISTS = ['pass', 'warn', 'fail'] as const;

/** A word that the file puts into one list is no longer in the others that it leaves as they are. */
function toHealth(file: NonNullable<ServiceFile['health']>): HealthRule {
  const { path, at } = { ...STANDARDS.health, ...file };
  const said = new Set(LISTS.flatMap((list) => file[list] ?? []).map((word) => word.toLowerCase()));
  const wordsOf = (list: (typeof LISTS)[number]): readonly string[] =>
    file[list] ?? STANDARDS.health[list].filter((word) => !said.has(word));
  return { path, at, pass: wordsOf('pass'), warn: wordsOf('warn'), fail: wordsOf('fail') };
}

function toVersion({ path, at, header, equals, samples }: NonNullable<ServiceFile['version']>): VersionRule {
  const standard = STANDARDS.version;
  return {
    path: path ?? standard.path,
    from: header === undefined ? { at: at ?? standard.at } : { header: header.toLowerCase() },
    equals: equals ?? null,
    samples: samples ?? standard.samples,
  };
}

function toMetrics({ path, format, names }: NonNullable<ServiceFile['metrics']>): MetricsRule {
  const standard = STANDARDS.metrics;
  return { path: path ?? standard.path, format: format ?? standard.format, names: { ...standard.names, ...names } };
}

/** The entry without what every kind has, so that a kind sees only what it asked for. */
function toCheck(file: EntryFile): CheckEntry {
  const { id, needs, skip, ...entry } = file as EntryFile & { readonly needs?: readonly string[]; readonly skip?: string };
  const kind = kindOf(file);
  if (kind === null) throw new TypeError(`the check ${id} is of no kind`);
  return { id, kind: kind.name, entry, needs: needs ?? [], skip: skip ?? null };
}

function toObjective(file: ObjectiveFile): Objective {
  const standard = STANDARDS.slo;
  const samples = { ...standard.samples, ...file.samples };
  return {
    id: file.id,
    service: file.service,
    check: file.check,
    indicator: file.indicator,
    underMs: file.under === undefined ? null : ms(file.under),
    target: toDecimal(file.target),
    windowMs: ms(file.window ?? standard.window),
    samples: { perRun: samples.per_run, rate: samples.rate },
    missing: file.missing ?? standard.missing,
    since: file.since ?? null,
  };
}

function toSchedule({ smoke }: Read<typeof scheduleSection>): Schedule {
  return { smoke: smoke === undefined ? null : { everyMs: ms(smoke.every), graceMs: ms(smoke.grace ?? STANDARDS.grace) } };
}

/** `.95` → `0.95`, `1e-7` → `0.0000001`: as it would be written with a pen. */
function toDecimal(share: string | number): string {
  const [digits = '', exponent] = String(share).split('e-');
  if (exponent === undefined) return digits.startsWith('.') ? `0${digits}` : digits;
  return `0.${'0'.repeat(Number(exponent) - 1)}${digits.replace('.', '')}`;
}

/** Of text that its shape has accepted; less than a millisecond is one. */
function ms(text: string): number {
  return Math.max(1, parseDuration(text)!);
}

function bytes(size: string | number): number {
  return Math.max(1, parseSize(String(size))!);
}

function unreachable(value: never): never {
  throw new TypeError(`a case was forgotten: ${JSON.stringify(value)}`);
}
