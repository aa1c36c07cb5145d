// What a URL must not tell: who asks, and the values of its query that are not known to be harmless.
import type { Hit } from './hit.ts';
import { isSecretName } from './secrets.ts';

/** Names in a query whose values say which part of a public thing is asked for, and nothing of who asks. */
const SHOWN_PARAMETERS = new Set(
  'page per_page limit offset cursor_size sort order direction format lang locale ref branch path version v fields include depth'.split(
    ' ',
  ),
);
/** Names that are secret although no word of them says so. */
const SECRET_PARAMETERS = new Set('sig signature x-amz-signature code pass pwd session sessionid sid jwt sv_sig assertion'.split(' '));

/**
 * One letter a byte; `places` are where `://` stands, in order.
 * With `isStrict` only the values of an allowlist are left; else all but secret-named ones.
 */
export function findInUrls(text: string, places: readonly number[], isStrict: boolean): Hit[] {
  const hits: Hit[] = [];
  let pathEnd = 0;
  for (const at of places) {
    const from = at + '://'.length;
    hits.push(...findUserinfo(text, at));
    // An address within the path of another one has the same query.
    if (from < pathEnd) continue;
    UNTIL_QUERY.lastIndex = from;
    if (UNTIL_QUERY.exec(text) === null) continue;
    pathEnd = UNTIL_QUERY.lastIndex;
    if (text[pathEnd] === '?') hits.push(...findInQuery(text, pathEnd, isStrict));
  }
  return hits;
}

function findUserinfo(text: string, at: number): Hit[] {
  const start = at + '://'.length;
  const userinfo = isHttp(text, at) ? HTTP_USERINFO : USERINFO;
  userinfo.lastIndex = start;
  const match = userinfo.exec(text);
  return match === null ? [] : [{ start, end: start + match[0].length, label: 'pattern:url-userinfo' }];
}

function findInQuery(text: string, from: number, isStrict: boolean): Hit[] {
  const hits: Hit[] = [];
  PARAMETER.lastIndex = from;
  for (let match = PARAMETER.exec(text); match !== null; match = PARAMETER.exec(text)) {
    const [, name = '', value = ''] = match;
    const end = PARAMETER.lastIndex;
    if (value !== '' && !isShown(name, isStrict)) hits.push({ start: end - value.length, end, label: 'pattern:url-query' });
  }
  return hits;
}

const HTTP_USERINFO = /[^\s/?#@"'<>\\[\]]+(?=@)/y;
const USERINFO = /[^\s/?#@"'<>\\[\]:]*:[^\s/?#@"'<>\\[\]]+(?=@)/y;
/** Host and path are not longer than servers take. */
const UNTIL_QUERY = /[^\s?#"'<>\\`]{1,2048}/y;
/** Neither does a value hold the brackets that stand in its place when it was taken out. */
const PARAMETER = /(?:[?&;]|&amp;|\\u0026)([A-Za-z0-9_.~%$:-]{1,128})=([A-Za-z0-9._~%+:@!$*/=?,-]*)/y;

function isHttp(text: string, at: number): boolean {
  return /(?:^|[^A-Za-z0-9])https?$/i.test(text.slice(Math.max(0, at - 6), at));
}

function isShown(name: string, isStrict: boolean): boolean {
  const lower = name.toLowerCase();
  if (SHOWN_PARAMETERS.has(lower)) return true;
  return !isStrict && !SECRET_PARAMETERS.has(lower) && !isSecretName(name);
}
