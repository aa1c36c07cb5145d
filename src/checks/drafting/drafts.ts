// What each service is asked: the checks that every service has, and its own.
import { inquireCertificate } from '../builtin/certificate.ts';
import type { Ground } from '../builtin/ground.ts';
import { inquireHealth } from '../builtin/health.ts';
import { inquireMetrics } from '../builtin/metrics.ts';
import { inquireVersion, UNVERSIONED } from '../builtin/version.ts';
import { fillingOf, type Filling } from './filling.ts';
import { misfit } from '../fitting.ts';
import type { Inquiry, Unaskable } from '../inquiry.ts';
import { kinds } from '../kinds/registry.generated.ts';
import type { PlanRequest } from '../planning.ts';
import { flawOfAddress } from '../sections/addresses.ts';
import type { CheckEntry, Service, VersionRule } from '../service.ts';

/** A place that does not know of the others yet. */
export interface Draft {
  readonly check: string;
  /** JSON pointer below the service. */
  readonly pointer: string;
  readonly skip: string | null;
  /** Ids of checks of the same service. */
  readonly needs: readonly string[];
  readonly inquire: (filling: Filling) => Promise<Inquiry | Unaskable> | Inquiry | Unaskable;
}

/**
 * What a check does not say it needs, it does not need: it is asked also where the service calls itself unwell, because that tells which
 * part of the service it is.
 */
export function draftsOf(service: Service, request: PlanRequest): readonly Draft[] {
  const { health, version, metrics, tls } = service;
  const drafts = [
    version === null ? (request.isDeploy ? WITHOUT_VERSION : null) : builtin('version', inquireVersionOf(service, version, request)),
    health && builtin('health', onGround({ service, rule: health, inquire: inquireHealth }, request)),
    ...service.checks.map((entry, index) => draftCheck(service, entry, { index, request })),
    metrics && builtin('metrics', onGround({ service, rule: metrics, inquire: inquireMetrics }, request)),
    hasCertificate(service, request) ? builtin('tls', onGround({ service, rule: tls, inquire: inquireCertificate }, request)) : null,
  ].filter((draft) => draft !== null);
  return drafts.length > 0 ? drafts : [NOTHING_TO_ASK];
}

function builtin(check: string, inquire: Draft['inquire'], pointer = `/${check}`): Draft {
  return { check, pointer, skip: null, needs: [], inquire };
}

const WITHOUT_VERSION = builtin('version', () => UNVERSIONED, '');
const NOTHING_TO_ASK = builtin('health', () => ({ code: 'NOTHING_TO_CHECK', reason: 'the service has neither a url nor checks' }), '');

interface Standing<Rule> {
  readonly service: Service;
  readonly rule: Rule;
  readonly inquire: (rule: Rule, ground: Ground) => Inquiry;
}

function onGround<Rule>({ service, rule, inquire }: Standing<Rule>, { operations, fileText }: PlanRequest): Draft['inquire'] {
  return ({ fill }) => {
    const filled = fill({ url: service.url, ca: service.tls.ca, rule });
    if ('lack' in filled) return filled.lack;
    const { url, ca } = filled.value;
    if (url === null) return misfit('the service has no url');
    return (
      lackOfAddress(url, service) ??
      inquire(filled.value.rule, { url, defaults: operations.defaults, ca: ca === null ? null : fileText(ca) })
    );
  };
}

/** What is expected is filled in by itself: where only that is lacking, what answers is still worth knowing. */
function inquireVersionOf(service: Service, { equals, ...rule }: VersionRule, request: PlanRequest): Draft['inquire'] {
  return (filling) => {
    const expected = equals === null ? { value: request.expectedCommit } : filling.fill(equals);
    if ('lack' in expected && expected.lack.code !== 'VERSION_NO_EXPECTATION') return expected.lack;
    const wanted = { expected: 'lack' in expected ? null : expected.value, isComparisonDue: equals !== null || request.isDeploy };
    const inquire = (filled: typeof rule, ground: Ground): Inquiry => inquireVersion({ rule: filled, ...wanted }, ground);
    return onGround({ service, rule, inquire }, request)(filling);
  };
}

interface Position {
  readonly index: number;
  readonly request: PlanRequest;
}

function draftCheck(service: Service, { id, kind: name, entry, needs, skip }: CheckEntry, { index, request }: Position): Draft {
  const kind = kinds.find((each) => each.name === name);
  if (kind === undefined) throw new TypeError(`there is no check of the kind ${name}`);
  const { operations, fileText, nowMs } = request;
  return {
    check: id,
    pointer: `/checks/${index}`,
    skip,
    needs,
    inquire: ({ fill, origins }) => {
      const filled = fill({ entry, url: service.url, tls: service.tls });
      if ('lack' in filled) return filled.lack;
      const { url, tls } = filled.value;
      const lack = url === null ? null : lackOfAddress(url, service);
      if (lack !== null) return lack;
      const { defaults } = operations;
      return kind.inquire(filled.value.entry, { service: { id: service.id, url, tls }, defaults, origins: origins(), fileText, nowMs });
    },
  };
}

/** A url whose variables are not set has its place all the same: that it could not be looked at has to be said. */
function hasCertificate({ url }: Service, request: PlanRequest): boolean {
  if (url === null || /^http:/i.test(url)) return false;
  const filled = fillingOf(request, {}).fill(url);
  return 'lack' in filled || /^https:/i.test(filled.value);
}

/** What a variable has put there, sophia.yaml could not be asked about. Without the address: it may hold a secret. */
function lackOfAddress(url: string, { insecure = null }: Service): Unaskable | null {
  if (!isAddress(url)) return misfit('the url of the service is no address of http or https without user, query and fragment');
  if (insecure !== null || flawOfAddress(url) !== 'in-clear') return null;
  return misfit('the url of the service goes over the network in clear; where that is right, `insecure:` says why');
}

/** What still looks like a variable is none any more, and no part of a host. A user or a query would not be sent, and nobody would know. */
function isAddress(url: string): boolean {
  const address = URL.parse(url);
  if (address === null || !/^https?:$/.test(address.protocol) || url.includes('${')) return false;
  return address.username + address.password + address.search + address.hash === '';
}
