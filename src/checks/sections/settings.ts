// What the forms cannot see of the smaller parts: objectives, origins, control, defaults.
import type { Meaning } from '../../section.ts';
import { suggest } from '../../suggest.ts';
import { parseDuration } from '../../units.ts';
import { flawOfAddress, NO_ADDRESS } from './addresses.ts';
import { reportForms, reportUnfilled } from './forms.ts';
import { isText, list, mapping, type Mapping } from './loose.ts';

type Report = Parameters<Meaning>[2];

export const meaningOfObjectives: Meaning = (value, file, report) => {
  const seen = new Set<string>();
  for (const [index, objective] of list(value).map(mapping).entries()) {
    const { id, since } = objective;
    if (isText(id) && seen.has(id)) report(`/${index}/id`, `"${id}" is there twice: an id is unique`);
    if (isText(id)) seen.add(id);
    if (isText(since) && !isDay(since)) report(`/${index}/since`, 'there is no such day');
    reportTarget(objective, `/${index}`, { services: mapping(file['services']), report });
    reportLimit(objective, `/${index}`, report);
  }
};

function reportTarget(
  { service, check }: Mapping,
  at: string,
  { services, report }: { readonly services: Mapping; readonly report: Report },
): void {
  if (!isText(service)) return;
  if (!Object.hasOwn(services, service))
    return report(`${at}/service`, `there is no service "${service}"${suggest(service, Object.keys(services))}`);
  const { url, checks } = mapping(services[service]);
  const own = list(checks).map((each) => mapping(each)['id']);
  const names = [...own.filter(isText), ...(url === undefined ? [] : ['health'])];
  if (isText(check) && !names.includes(check)) report(`${at}/check`, `${service} has no check "${check}"${suggest(check, names)}`);
}

function reportLimit({ indicator, under }: Mapping, at: string, report: Report): void {
  if (indicator === 'latency' && under === undefined) report(at, 'an objective of latency needs `under`: what takes longer is bad');
  if (indicator === 'availability' && under !== undefined) report(`${at}/under`, 'belongs to objectives of latency');
}

function isDay(text: string): boolean {
  const timeMs = Date.parse(`${text}T00:00:00Z`);
  return !/^\d{4}-\d\d-\d\d$/.test(text) || (!Number.isNaN(timeMs) && new Date(timeMs).toISOString().startsWith(text));
}

export const meaningOfOrigins: Meaning = (value, _file, report) => {
  for (const [name, origin] of Object.entries(mapping(value))) {
    reportForms(origin, `/${name}`, { allowed: ['env'], report });
    if (isText(origin) && /^https?:\/\/[^\s/?#@$]+$/.test(origin) && !isOrigin(origin))
      report(`/${name}`, 'browsers write this origin in another way: lower case, and no port that goes without saying');
  }
};

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}

export const meaningOfControl: Meaning = (value, _file, report) => {
  reportUnfilled(value, '', report);
  for (const [index, url] of list(value).entries()) {
    const flaw = isText(url) ? flawOfAddress(url) : null;
    if (flaw === 'no-address') report(`/${index}`, NO_ADDRESS);
    if (flaw === 'in-clear') report(`/${index}`, 'http:// goes over the network in clear: use https://');
  }
};

export const meaningOfDefaults: Meaning = (value, _file, report) => {
  reportUnfilled(value, '', report);
  const { backoff } = mapping(mapping(value)['retries']);
  const [shortest, longest] = isText(backoff) ? backoff.split('..').map(parseDuration) : [];
  if (typeof shortest === 'number' && typeof longest === 'number' && shortest > longest)
    report('/retries/backoff', 'the shorter one comes first');
};
