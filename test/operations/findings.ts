// One finding of each kind, with what strangers put into them.
import type { Finding } from '../../src/outcome.ts';

const LOCATION = { file: 'sophia.yaml', line: 12, column: 9 };

export const FINDINGS: readonly Finding[] = [
  {
    check: 'version',
    target: 'api',
    verdict: 'fail',
    code: 'VERSION_OLD',
    reason: 'aaaaaaa answers instead of bbbbbbb',
    expected: { commit: 'bbbbbbb' },
    observed: { commit: 'aaaaaaa' },
    durationMs: 31,
    location: LOCATION,
  },
  { check: 'health', target: 'api', verdict: 'pass', reason: 'healthy in 31 ms', durationMs: 31.4, location: LOCATION },
  { check: 'tree', target: 'api', verdict: 'blocked', reason: 'it needs ready of api, which is not healthy' },
  {
    check: 'strange',
    target: 'api',
    verdict: 'fail',
    code: 'BODY_TEXT',
    reason: 'said "]]>" & <b>\u001B[31mred\u0000\uFFFE\uD800 # not a directive \\ \u0085',
    observed: { text: 'a\tb\r\nc' },
    durationMs: 1200,
  },
  { check: 'health', target: 'web', verdict: 'flaky', reason: 'healthy in 40 ms, on attempt 2', attempts: 2, durationMs: 2512 },
  { check: 'tls', target: 'web', verdict: 'warn', code: 'TLS_EXPIRES_SOON', reason: 'expires in 10 days', location: LOCATION },
  { check: 'old', target: 'web', verdict: 'skipped', reason: 'replaced by #7' },
  { check: 'login', target: 'web', verdict: 'unknown', code: 'ENV_MISSING', reason: 'LOGIN_TOKEN is not set', location: LOCATION },
];
