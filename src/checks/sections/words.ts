// The small shapes that the sections of this room are made of.
import { either, text, type Shape } from '../../shape.ts';
import { DURATION_PATTERN, parseDuration } from '../../units.ts';
import { toldShape } from '../told-shape.ts';

export const ID = { pattern: '[a-z][a-z0-9-]{0,39}', what: 'an id: a to z, 0 to 9 and -, a letter first, at most 40' };

export const id = text(ID);
export const line = text({ pattern: '[^\\u0000-\\u001f\\u007f]+', what: 'one line of text' });
export const title = text({ pattern: '[\\s\\S]{1,80}', what: 'text of 1 to 80 characters' });
/** Of a program; NUL would end it early. */
export const argument = text({ pattern: '[^\\u0000]+', what: 'text' });
export const label = text({ pattern: '[^\\u0000-\\u001f,]{1,50}', what: 'a label of at most 50 characters, without a comma' });
/** What no address can have; some of it `URL` would leave out without a word. */
const INVISIBLE = '\\s\\u0000-\\u001f\\u007f';
export const path = text({ pattern: `/[^${INVISIBLE}#]*`, what: 'a path that begins with /' });
/** Of an app, a project, a deployment: it becomes an argument of a program and a part of a file's name. */
export const toolName = text({ pattern: '[A-Za-z0-9][A-Za-z0-9._-]{0,62}', what: 'a name of letters, digits, dot, _ and -' });
export const headerName = text({ pattern: "[A-Za-z0-9!#$%&'*+.^_`|~-]+", what: 'the name of a header' });
export const metricName = text({ pattern: '[a-zA-Z_:][a-zA-Z0-9_:]*', what: 'the name of a metric' });
export const day = text({ pattern: '\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])', what: 'a day like 2026-01-31' });

const LENGTH = `(?=[\\d.]*[1-9])${DURATION_PATTERN}`;
export const length = text({ pattern: LENGTH, what: 'a duration like 500ms, 10s, 5m, 24h or 90d, more than zero' });

const DAY_MS = 86_400_000;
const WAITED = 'a duration like 500ms, 10s or 5m, more than zero and at most a day';
/** Of what somebody waits for: timers hold no more than some weeks, and nobody means them to. */
export const wait: Shape<string> = toldShape({ type: 'string', pattern: `^(?:${LENGTH})$` }, (value) =>
  isWait(value) ? null : `must be ${WAITED}`,
);
export const span: Shape<string> = toldShape({ type: 'string', pattern: `^(?:${LENGTH}\\.\\.${LENGTH})$` }, (value) => {
  const ends = typeof value === 'string' ? value.split('..') : [];
  return ends.length === 2 && ends.every(isWait) ? null : 'must be two durations of at most a day, like 500ms..5s';
});

function isWait(value: unknown): boolean {
  return length.accepts(value) && (parseDuration(value) ?? Infinity) <= DAY_MS;
}

/**
 * Forms are looked at elsewhere: what is wrong with them is told in their own words. One ends in one way only, with a brace or before
 * what no form holds: with two, a text of many would be tried in all combinations.
 */
const FORM = '\\$\\{[^}\\s$]*(?:\\}|(?![^\\s$]))';
const HOST = `(?:https?://|${FORM})(?:${FORM}|[^${INVISIBLE}/?#@$])*`;
export const serviceUrl = text({
  pattern: `${HOST}(?:/[^${INVISIBLE}?#]*)?`,
  what: 'an http:// or https:// address without user, query and fragment',
});
export const pageUrl = text({
  pattern: `${HOST}(?:[/?][^${INVISIBLE}#]*)?`,
  what: 'an http:// or https:// address without user and fragment',
});
export const originUrl = text({ pattern: HOST, what: 'an origin: http:// or https://, the host, and nothing behind it' });

/** A commit or a version. `1234567` and `12e4567` are numbers to YAML, and would come back as other text. */
export const versionText: Shape<string> = toldShape({ type: 'string', pattern: '\\S' }, (value) => {
  if (typeof value === 'number') return 'must be text: quote it, because YAML takes it for a number';
  return typeof value === 'string' && /\S/.test(value) ? null : 'must be the text of a commit or a version';
});

const SHARE = 'more than 0 and less than 1, like 0.95';
/** Of all samples, those that must be good. */
export const share: Shape<string | number> = either(
  text({ pattern: '0?\\.\\d*[1-9]\\d*', what: SHARE }),
  toldShape<number>({ type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 }, (value) =>
    typeof value === 'number' && value > 0 && value < 1 ? null : `must be ${SHARE}`,
  ),
  SHARE,
);
