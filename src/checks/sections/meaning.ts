// What the forms cannot see: whether the names in `services:` lead anywhere, and whether what is asked can be asked.
import type { Meaning } from '../../section.ts';
import { suggest } from '../../suggest.ts';
import { formsIn } from '../substitution.ts';
import { flawOfAddress, NO_ADDRESS } from './addresses.ts';
import { cyclesOf, reachOf } from './cycles.ts';
import { kindOf } from './entry.ts';
import { reportForms, reportUnfilled } from './forms.ts';
import { isText, list, mapping, textsIn, type Mapping } from './loose.ts';

type Report = Parameters<Meaning>[2];

interface Scope {
  readonly file: Mapping;
  readonly report: Report;
}

const RUN = 'run';
/** These stand beside the checks of a service in its findings. */
const BUILTIN = new Set(['health', 'version', 'metrics', 'tls', 'ready', 'evidence', 'load']);

export const meaningOfServices: Meaning = (value, file, report) => {
  const services = mapping(value);
  if (Object.hasOwn(services, RUN)) report(`/${RUN}`, `findings call the run itself "${RUN}": choose another id`);
  for (const [id, service] of Object.entries(services)) readService(mapping(service), `/${id}`, { file, report });
  reportNeeds(new Map(Object.entries(services).map(([id, service]) => [id, mapping(service)])), {
    what: 'service',
    pointerOf: (id, index) => `/${id}/needs/${index}`,
    report,
  });
};

/** Needs of things by their names: those that lead nowhere, and those that lead in a circle. */
interface Needing {
  readonly what: string;
  readonly pointerOf: (name: string, index: number) => string;
  readonly report: Report;
}

function reportNeeds(things: ReadonlyMap<string, Mapping>, { what, pointerOf, report }: Needing): void {
  const names = [...things.keys()];
  for (const [name, thing] of things) {
    for (const [index, need] of list(thing['needs']).entries()) {
      if (!isText(need) || things.has(need)) continue;
      const others = names.filter((each) => each !== name);
      report(pointerOf(name, index), `there is no ${what} "${need}"${suggest(need, others)}`);
    }
  }
  for (const { names: circle } of cyclesOf(needsOf(things))) {
    const [from, to] = [circle.at(-2)!, circle.at(-1)!];
    report(pointerOf(from, list(things.get(from)!['needs']).indexOf(to)), `${circle.join(' → ')}: each would wait for the next for ever`);
  }
}

function needsOf(things: ReadonlyMap<string, Mapping>): ReadonlyMap<string, readonly string[]> {
  return new Map([...things].map(([name, { needs }]) => [name, list(needs).filter(isText)]));
}

function readService(service: Mapping, at: string, scope: Scope): void {
  const { report } = scope;
  const { url, insecure, deploy, health } = service;
  const flaw = isText(url) ? flawOfAddress(url) : null;
  if (flaw === 'no-address') report(`${at}/url`, NO_ADDRESS);
  if (flaw === 'in-clear' && insecure === undefined)
    report(`${at}/url`, 'http:// goes over the network in clear: use https://, or say with `insecure:` why it is right');
  for (const key of ['ready', 'health', 'version', 'metrics', 'tls']) {
    if (Object.hasOwn(service, key) && url === undefined) report(`${at}/${key}`, 'there is nothing to ask it of: the service has no url');
    if (key !== 'ready') reportForms(service[key], `${at}/${key}`, { allowed: ['env', 'deploy'], report });
  }
  reportForms(url, `${at}/url`, { allowed: ['env', 'deploy'], report });
  reportUnfilled(deploy, `${at}/deploy`, report);
  reportWords(mapping(health), `${at}/health`, report);
  readChecks(service, `${at}/checks`, scope);
}

/** One word cannot mean two things. */
function reportWords(health: Mapping, at: string, report: Report): void {
  const seen = new Map<string, string>();
  for (const key of ['pass', 'warn', 'fail']) {
    for (const [index, word] of list(health[key]).entries()) {
      if (!isText(word)) continue;
      const before = seen.get(word.toLowerCase());
      if (before !== undefined && before !== key) report(`${at}/${key}/${index}`, `"${word}" is among the words for ${before} already`);
      seen.set(word.toLowerCase(), key);
    }
  }
}

function readChecks(service: Mapping, at: string, { file, report }: Scope): void {
  const checks = list(service['checks']).map(mapping);
  const positions = new Map<string, number>();
  for (const [index, check] of checks.entries()) {
    const { id } = check;
    if (isText(id)) {
      if (BUILTIN.has(id)) report(`${at}/${index}/id`, `"${id}" is what findings call a check of every service: choose another name`);
      if (positions.has(id)) report(`${at}/${index}/id`, `"${id}" is there twice: an id is unique in its service`);
      else positions.set(id, index);
    }
    const { id: _, needs: _needs, skip: _skip, ...asked } = check;
    reportForms(asked, `${at}/${index}`, { allowed: ['env', 'deploy', 'capture'], report });
    const scope = { origins: Object.keys(mapping(file['origins'])), hasUrl: service['url'] !== undefined };
    kindOf(check)?.meaning?.(check, scope, (pointer, problem) => report(`${at}/${index}${pointer}`, problem));
  }
  const named = new Map([...positions].map(([id, index]) => [id, checks[index]!]));
  reportNeeds(named, { what: 'check', pointerOf: (id, index) => `${at}/${positions.get(id)!}/needs/${index}`, report });
  const captures = { named, needs: needsOf(named), sources: sourcesOf(named) };
  for (const [id, index] of positions) reportCaptures(id, captures, { at: `${at}/${index}`, report });
}

/** By what is captured, the checks that do. */
function sourcesOf(named: ReadonlyMap<string, Mapping>): ReadonlyMap<string, readonly string[]> {
  const sources = new Map<string, string[]>();
  for (const [by, { capture }] of named) {
    for (const name of Object.keys(mapping(capture))) sources.set(name, [...(sources.get(name) ?? []), by]);
  }
  return sources;
}

interface Captures {
  readonly named: ReadonlyMap<string, Mapping>;
  readonly needs: ReadonlyMap<string, readonly string[]>;
  readonly sources: ReadonlyMap<string, readonly string[]>;
}

/** What an answer told is there only for checks that wait for that answer. */
function reportCaptures(
  id: string,
  { named, needs, sources }: Captures,
  { at, report }: { readonly at: string; readonly report: Report },
): void {
  for (const { pointer, text } of textsIn(named.get(id), at)) {
    const used = formsIn(text).names.filter((name) => name.startsWith('capture.'));
    for (const name of used.map((each) => each.slice('capture.'.length))) {
      const by = sources.get(name);
      if (by === undefined) report(pointer, `no check of this service captures "${name}"${suggest(name, [...sources.keys()])}`);
      else if (!by.some((source) => source !== id && reachOf(id, needs).has(source)))
        report(pointer, `"${name}" is captured by "${by[0]!}", which this check does not need: add needs: [${by[0]!}]`);
    }
  }
}
