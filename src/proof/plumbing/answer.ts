// What a remote answered. Which refs were taken is read from `push --porcelain`; only where git got no answer at all its words decide.
import type { ExecResult } from '../../context.ts';
import { SophiaError } from '../../errors.ts';
import { visible } from '../../markdown.ts';
import { textOf } from './repository.ts';

export type PushAnswer =
  | { readonly kind: 'taken' }
  /** Someone else was faster, or is at it this moment: worth another try. */
  | { readonly kind: 'overtaken'; readonly reason: string }
  /** The server does not want it. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** All refs or none is more than this server can promise. */
  | { readonly kind: 'not-atomic' };

const MAX_REASON = 300;

/** Of git itself and of ssh, in the C locale. */
const DENIED =
  /authentication failed|could not read (?:username|password)|permission (?:to .* )?denied|access denied|terminal prompts disabled|not authori[sz]ed|insufficient permission|write access|returned error: 40[13]|repository not found|host key verification failed|read-only file system|service not enabled/i;

/** How servers say that a ref was changed or locked by another push; git's own, whatever the storage of refs. */
const BUSY =
  /cannot lock ref|failed to update ref|incorrect old value|already exists|unable to create .*lock|is at .* but expected|reference conflict/i;

/** Throws `PUBLISH_DENIED` and `PUBLISH_UNREACHABLE` where no ref was answered for. */
export function readPush(remote: string, result: ExecResult): PushAnswer {
  if (result.exitCode === 0) return { kind: 'taken' };
  const rejections = [...textOf(result.stdout).matchAll(/^!\t[^\t\n]*\t(.*)$/gm)].map(([, summary = '']) => summary);
  if (rejections.length === 0) {
    if (/does not support --atomic/.test(textOf(result.stderr))) return { kind: 'not-atomic' };
    throw classifyFailure(remote, result);
  }
  // `[rejected]` is said by our own git, which saw another tip than the commit follows; `[remote rejected]` by the server.
  const decisive = rejections.filter((summary) => !/\(atomic (?:push failure|transaction failed|push failed)\)/.test(summary));
  const byServer = decisive.find((summary) => summary.startsWith('[remote rejected]') && !BUSY.test(summary));
  const reason = tell(byServer ?? decisive[0] ?? rejections[0] ?? '');
  if (byServer === undefined) return { kind: 'overtaken', reason };
  return { kind: 'refused', reason: [reason, ...remarksIn(result)].join('; ').slice(0, MAX_REASON) };
}

/** Where git ended without an answer about any ref. */
export function classifyFailure(remote: string, result: ExecResult): SophiaError {
  const words = textOf(result.stderr);
  const lines = words.split('\n').filter((line) => /^(?:fatal|error|remote|ssh): |denied|refused/i.test(line));
  const reason = lines.length > 0 ? lines.slice(0, 2).map(tell).join('; ') : tell(words.trim().split('\n')[0] ?? '');
  const said = reason === '' ? `git ended with ${result.signal ?? `exit code ${result.exitCode ?? 'none'}`}` : reason;
  // Between looking and fetching another run has taken it away.
  if (/couldn't find remote ref/.test(words)) return new SophiaError('PUBLISH_OVERTAKEN', { remote, reason: said });
  return new SophiaError(DENIED.test(words) ? 'PUBLISH_DENIED' : 'PUBLISH_UNREACHABLE', { remote, reason: said });
}

/** Whoever refuses says why on stderr: `remote: …`. */
function remarksIn({ stderr }: ExecResult): readonly string[] {
  const remarks = textOf(stderr)
    .split('\n')
    .filter((line) => line.startsWith('remote: '))
    .map((line) => tell(line.slice('remote: '.length)));
  return remarks.filter((line) => line !== '').slice(0, 2);
}

/** Without the password that a URL may hold, and harmless. */
export function tell(text: string): string {
  return visible(text.replaceAll(/:\/\/[^/\s'"]*@/g, '://'))
    .trim()
    .slice(0, MAX_REASON);
}
