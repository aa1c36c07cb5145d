import { siteWith, VERSION, type Expected, type Fault, type Faulty } from './fault.ts';
import { COMMIT, OLD_COMMIT, sendJson } from './healthy-service.ts';

export const VERSION_FAULTS: readonly Fault[] = [
  says('old-version', { verdict: 'fail', code: 'VERSION_OLD' }, () => OLD_COMMIT),
  says('no-version', { verdict: 'unknown', code: 'VERSION_NO_FIELD' }, () => undefined),
  // Half of a rolling deploy: each connection meets another machine.
  says('alternating-versions', { verdict: 'fail', code: 'VERSION_MIXED' }, (turn) => (turn % 2 === 0 ? COMMIT : OLD_COMMIT)),
  says('prefix-too-short', { verdict: 'fail', code: 'VERSION_OLD' }, () => COMMIT.slice(0, 6)),
];

function says(name: string, expect: Pick<Expected, 'verdict' | 'code'>, commit: (turn: number) => string | undefined): Fault {
  const start = (): Promise<Faulty> => {
    let turn = 0;
    return siteWith({ '/healthz': (_, response) => sendJson(response, { status: 'ok', commit: commit(turn++) }) }, { lines: VERSION });
  };
  return { name, group: 'version', start, expect: { check: 'version', ...expect } };
}
