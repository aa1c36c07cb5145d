// Which version answers: asked on fresh connections, because half of a fleet may still be the old one.
import type { Answer, HttpReply } from '../../answer.ts';
import { plural } from '../../markdown.ts';
import type { Json } from '../../outcome.ts';
import { readBody } from '../body/json.ts';
import { find } from '../body/path.ts';
import { valuesOf } from '../http/headers.ts';
import { NO_REPLY } from '../http/status.ts';
import type { Inquiry, Judgement } from '../inquiry.ts';
import type { VersionRule } from '../service.ts';
import { isSameCommit } from './commit.ts';
import { toGet, type Ground } from './ground.ts';
import { judgePresence, judgeSuccess } from './status.ts';

export interface VersionRequest {
  readonly rule: Pick<VersionRule, 'path' | 'from' | 'samples'>;
  /** Null where nobody said which: it is asked all the same, because it is worth knowing. */
  readonly expected: string | null;
  /** The question is whether it is the deployed one. Where it is only which one answers, an answer is no more than a warning short. */
  readonly isComparisonDue: boolean;
}

export function inquireVersion({ rule, ...wanted }: VersionRequest, ground: Ground): Inquiry {
  const question = toGet(ground, rule.path, 'application/json');
  const ask = { question, judge: ({ http }: Answer): readonly Judgement[] => judgeNaming(http, rule.from) };
  return {
    asks: Array.from({ length: Math.max(1, rule.samples) }, () => ask),
    together: (answers) => judgeVersions(namesIn(answers, rule.from), wanted),
  };
}

/** A service that has none in the file, after a deploy. */
export const UNVERSIONED: Inquiry = {
  asks: [],
  together: () => [
    {
      verdict: 'warn',
      code: 'VERSION_NOT_CONFIGURED',
      reason: 'nothing says which version answers, so that this is the deployed one was not checked: add `version:`',
    },
  ],
};

type Named = { readonly name: string } | { readonly flaw: Judgement };

/** One answer by itself is judged by whether it names a version; whether it is the right one, all of them tell together. */
function judgeNaming(http: HttpReply | null, from: VersionRule['from']): readonly Judgement[] {
  const named = nameIn(http, from);
  return ['flaw' in named ? named.flaw : { verdict: 'pass', reason: `it names ${named.name}` }];
}

function nameIn(http: HttpReply | null, from: VersionRule['from']): Named {
  if (http === null) return { flaw: NO_REPLY };
  const flaw = judgeSuccess(http);
  if (flaw !== null) return { flaw };
  return 'header' in from ? nameInHeader(http, from.header) : nameInBody(http, from.at);
}

function nameInHeader({ status, headers }: HttpReply, header: string): Named {
  const values = valuesOf(headers, header);
  if (values.length > 1) return unnamed(`the header ${header} came ${plural(values.length, 'time')}`, { status, header: values });
  const [name = ''] = values;
  return name === '' ? unnamed(`the answer has no header ${header}`, { status }) : { name };
}

function nameInBody(http: HttpReply, at: string): Named {
  const flaw = judgePresence(http);
  if (flaw !== null) return { flaw };
  const body = readBody(http.body);
  if ('flaw' in body) return body;
  const found = find(at, body.value);
  const observed = { status: http.status };
  if ('missing' in found) return unnamed(`the body has no ${found.at}`, observed);
  if (typeof found.found === 'string' && found.found !== '') return { name: found.found };
  return unnamed(`what the body has at ${at} is no version: ${JSON.stringify(found.found)}`, { ...observed, found: found.found });
}

function unnamed(problem: string, observed: Json): Named {
  return { flaw: { verdict: 'unknown', code: 'VERSION_NO_FIELD', reason: `${problem}, which would name the version`, observed } };
}

function namesIn(answers: readonly (Answer | null)[], from: VersionRule['from']): readonly string[] {
  return answers.flatMap((answer) => {
    const named = nameIn(answer?.http ?? null, from);
    return 'name' in named ? [named.name] : [];
  });
}

function judgeVersions(names: readonly string[], { expected, isComparisonDue }: Omit<VersionRequest, 'rule'>): readonly Judgement[] {
  const [first] = names;
  if (first === undefined) return [];
  const different = [...new Set(names)];
  const isMixed = different.some((name) => different.some((other) => !isSameCommit(name, other)));
  const heard = names.length === 1 ? '' : ` (${plural(names.length, 'answer')})`;
  const facts = {
    ...(expected === null ? {} : { expected: { commit: expected } }),
    observed: isMixed ? { commits: different } : { commit: first },
  };
  if (isMixed)
    return [{ ...facts, verdict: 'fail', code: 'VERSION_MIXED', reason: `different versions answer by turns: ${different.join(', ')}` }];
  if (expected === null) {
    const reason = `${first} answers, and nobody said which version should${heard}`;
    return [{ ...facts, verdict: isComparisonDue ? 'unknown' : 'warn', code: 'VERSION_NO_EXPECTATION', reason }];
  }
  const other = names.find((name) => !isSameCommit(name, expected));
  if (other !== undefined)
    return [{ ...facts, verdict: 'fail', code: 'VERSION_OLD', reason: `${other} answers instead of ${expected}${heard}` }];
  return [{ ...facts, verdict: 'pass', reason: `${first} answers${heard}` }];
}
