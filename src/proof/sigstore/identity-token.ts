// Who signs: an issuer says so, in a token for this one purpose. It is a secret for as long as it lives, and is never quoted.
import type { Context, Env } from '../../context.ts';
import { SophiaError } from '../../errors.ts';
import { isJsonObject, parseJson } from '../canonical.ts';
import type { Json } from '../../outcome.ts';

const AUDIENCE = 'sigstore';
export const TOKEN_VARIABLE = 'SIGSTORE_ID_TOKEN';
const REQUEST_URL = 'ACTIONS_ID_TOKEN_REQUEST_URL';
const REQUEST_TOKEN = 'ACTIONS_ID_TOKEN_REQUEST_TOKEN';

/** Asked before anything is written: throws `KEYLESS_NO_IDENTITY` where no issuer could be asked either. */
export function requireIdentity(env: Env): void {
  if (env[TOKEN_VARIABLE]) {
    readSubject(env[TOKEN_VARIABLE]);
  } else if (!env[REQUEST_URL] || !env[REQUEST_TOKEN]) {
    throw new SophiaError('KEYLESS_NO_IDENTITY', { problem: `neither ${TOKEN_VARIABLE} nor ${REQUEST_URL} is set` });
  }
}

/** SIGSTORE_ID_TOKEN, else one that GitHub issues for the job. Throws `KEYLESS_*` and `NET_*`. */
export async function getIdentityToken({ env, http, signal }: Pick<Context, 'env' | 'http' | 'signal'>): Promise<string> {
  const given = env[TOKEN_VARIABLE];
  if (given) return given;
  const url = URL.parse(env[REQUEST_URL] ?? '');
  if (url === null) throw new SophiaError('KEYLESS_NO_IDENTITY', { problem: `${REQUEST_URL} is no URL` });
  url.searchParams.set('audience', AUDIENCE);
  const headers = { accept: 'application/json', authorization: `Bearer ${env[REQUEST_TOKEN] ?? ''}` };
  const { status, body } = await http.request({ method: 'GET', url: url.href, headers, signal });
  if (status !== 200) throw new SophiaError('KEYLESS_UNAVAILABLE', { reason: `the issuer of the job's identity answered HTTP ${status}` });
  const token = readToken(body);
  readSubject(token);
  return token;
}

function readToken(body: Uint8Array): string {
  const answer = readJson(Buffer.from(body).toString());
  const value = isJsonObject(answer) ? answer['value'] : undefined;
  if (typeof value !== 'string')
    throw new SophiaError('KEYLESS_UNAVAILABLE', { reason: "the issuer of the job's identity answered without a token" });
  return value;
}

/** As Fulcio does: an address that the issuer has verified, else the subject. */
function readSubject(token: string): void {
  const claims = readJson(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  const { email, email_verified: isVerified, sub } = isJsonObject(claims) ? claims : {};
  if (typeof email === 'string' ? isVerified !== true : typeof sub !== 'string')
    throw new SophiaError('KEYLESS_NO_IDENTITY', { problem: 'the token is no JWT that names a subject' });
}

function readJson(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
