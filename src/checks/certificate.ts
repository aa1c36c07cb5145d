// How long a certificate still holds: for the check of a service's own and for those that are asked for by name.
import type { Certificate } from '../answer.ts';
import { plural } from '../markdown.ts';
import { toObserved } from './body/excerpt.ts';
import type { Judgement } from './inquiry.ts';

export interface Validity {
  /** With fewer days left it fails. */
  readonly minDays: number;
  /** With fewer days left it is a warning. */
  readonly warnDays: number;
}

const DAY_MS = 86_400_000;

/** `at` is when it was shown: ISO 8601. Whole days count. Null for a certificate that was not shown. */
export function judgeCertificate(certificate: Certificate | null, validity: Validity, at: string): readonly Judgement[] {
  if (certificate === null) return [unread('no certificate was shown')];
  const { validFrom, validTo, subject } = certificate;
  const [fromMs, toMs, nowMs] = [Date.parse(validFrom), Date.parse(validTo), Date.parse(at)];
  const expected = { days: validity.minDays };
  if (!Number.isFinite(fromMs + toMs + nowMs)) return [unread('the certificate has no dates that can be read')];
  const days = Math.floor((toMs - nowMs) / DAY_MS);
  const observed = { days, validFrom, validTo, subject: toObserved(subject) };
  const until = `the certificate holds until ${validTo}`;
  if (nowMs < fromMs)
    return [{ verdict: 'fail', code: 'TLS_NOT_YET_VALID', reason: `the certificate holds from ${validFrom} on`, observed }];
  if (nowMs >= toMs) return [{ verdict: 'fail', code: 'TLS_EXPIRED', reason: `the certificate held until ${validTo}`, observed }];
  const left = `${until}: ${plural(days, 'day')}`;
  if (days < validity.minDays)
    return [{ verdict: 'fail', code: 'TLS_EXPIRES_SOON', reason: `${left}, fewer than ${validity.minDays}`, expected, observed }];
  if (days < validity.warnDays)
    return [
      {
        verdict: 'warn',
        code: 'TLS_EXPIRES_SOON',
        reason: `${left}, fewer than ${validity.warnDays}`,
        expected: { days: validity.warnDays },
        observed,
      },
    ];
  return [{ verdict: 'pass', reason: left, expected, observed }];
}

function unread(reason: string): Judgement {
  return { verdict: 'unknown', code: 'TLS_EXPIRES_SOON', reason, observed: null };
}
