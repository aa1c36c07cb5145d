import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Answer } from '../../../src/answer.ts';
import { isSameCommit } from '../../../src/checks/builtin/commit.ts';
import { inquireVersion, UNVERSIONED } from '../../../src/checks/builtin/version.ts';
import { judgePlace } from '../../../src/checks/judge.ts';
import type { VersionRule } from '../../../src/checks/service.ts';
import type { Finding } from '../../../src/outcome.ts';
import { GROUND, place, reply, trouble } from '../answers.ts';

const NEW = 'c0ffee0123456789c0ffee0123456789c0ffee01';
const OLD = '0ddba110123456789c0ffee0123456789c0ffee0';
const AT_COMMIT = { at: '$.commit' } as const;

function judge(answers: readonly (Answer | null)[], expected: string | null = NEW, from: VersionRule['from'] = AT_COMMIT): Finding {
  const inquiry = inquireVersion({ rule: { path: '/healthz', from, samples: answers.length }, expected, isComparisonDue: true }, GROUND);
  const attempts = answers.map((each) => (each === null ? [] : [each]));
  return judgePlace(place({ check: 'version' }), { kind: 'asked', inquiry, attempts }, () => true);
}

function naming(...commits: readonly unknown[]): readonly Answer[] {
  return commits.map((commit) => reply({ commit }));
}

suite('the version', () => {
  test('is asked on as many connections as there are samples', () => {
    const { asks } = inquireVersion({ rule: { path: '/v', from: AT_COMMIT, samples: 5 }, expected: NEW, isComparisonDue: true }, GROUND);
    assert.deepEqual(asks.map(({ question }) => 'url' in question && question.url), Array(5).fill('https://app.example/v')); // prettier-ignore
  });

  test('is asked at least once, whatever the number of samples', () => {
    assert.equal(
      inquireVersion({ rule: { path: '/v', from: AT_COMMIT, samples: 0 }, expected: NEW, isComparisonDue: true }, GROUND).asks.length,
      1,
    );
  });

  test('passes where every answer names the expected commit', () => {
    const finding = judge(naming(NEW, NEW, NEW));
    assert.deepEqual([finding.verdict, finding.code], ['pass', undefined]);
    assert.equal(finding.reason, `${NEW} answers (3 answers)`);
    assert.deepEqual([finding.observed, finding.expected], [{ commit: NEW }, { commit: NEW }]);
  });

  test('is old where every answer names the same other one', () => {
    const finding = judge(naming(OLD, OLD));
    assert.deepEqual([finding.verdict, finding.code], ['fail', 'VERSION_OLD']);
    assert.deepEqual(finding.observed, { commit: OLD });
    assert.match(finding.reason, new RegExp(`^${OLD} answers instead of ${NEW}`));
  });

  test('is mixed where old and new answer by turns', () => {
    const finding = judge(naming(NEW, OLD, NEW));
    assert.deepEqual([finding.verdict, finding.code], ['fail', 'VERSION_MIXED']);
    assert.deepEqual(finding.observed, { commits: [NEW, OLD] });
  });

  test('is mixed where several wrong ones answer, too', () => {
    assert.equal(judge(naming(OLD, 'deadbeef')).code, 'VERSION_MIXED');
  });

  test('is mixed where two commits share the abbreviation that a third answer gives', () => {
    assert.equal(judge(naming('c0ffee0', `c0ffee0${'1'.repeat(33)}`, `c0ffee0${'2'.repeat(33)}`), 'c0ffee0').code, 'VERSION_MIXED');
  });

  test('is not mixed where one answer abbreviates the same commit', () => {
    assert.equal(judge(naming(NEW, NEW.slice(0, 7), NEW.toUpperCase())).verdict, 'pass');
  });

  test('of a prefix that is too short, or with something after it, is not the expected one', () => {
    assert.equal(judge(naming(NEW.slice(0, 6))).code, 'VERSION_OLD');
    assert.equal(judge(naming(`${NEW}-dirty`)).code, 'VERSION_OLD');
    assert.equal(judge(naming(`${NEW} `)).code, 'VERSION_OLD');
    assert.equal(judge(naming(`${NEW}0`)).code, 'VERSION_OLD');
  });

  test('is told as that of the answer that is wrong', () => {
    assert.match(judge(naming(NEW.slice(0, 7), `${NEW.slice(0, 7)}0000000`)).reason, new RegExp(`^${NEW.slice(0, 7)}0000000 answers`));
  });

  for (const commit of [undefined, null, '', 1234567, true, {}, [NEW]]) {
    test(`is not named by ${JSON.stringify(commit) ?? 'nothing'}, which is unknown`, () => {
      const finding = judge(naming(commit));
      assert.deepEqual([finding.verdict, finding.code], ['unknown', 'VERSION_NO_FIELD']);
    });
  }

  test('is unknown where one answer does not name it, however right the others are', () => {
    assert.deepEqual([judge(naming(NEW, undefined, NEW)).code, judge([...naming(NEW), null]).verdict], ['VERSION_NO_FIELD', 'unknown']);
  });

  test('is wrong where one answer does not name it and the others name another', () => {
    const finding = judge(naming(OLD, undefined));
    assert.equal(finding.code, 'VERSION_OLD');
    assert.match(finding.reason, /, and 1 more: VERSION_NO_FIELD$/);
  });

  test('fails where one connection fails', () => {
    const finding = judge([...naming(NEW), trouble('NET_RESET')]);
    assert.deepEqual([finding.verdict, finding.code], ['fail', 'NET_RESET']);
  });

  test('fails with the status, the body or its absence, before anyone looks for a commit', () => {
    assert.equal(judge([reply({ commit: NEW }, 500)]).code, 'HTTP_STATUS');
    assert.equal(judge([reply({ commit: NEW }, 302)]).code, 'HTTP_REDIRECT');
    assert.equal(judge([reply('')]).code, 'HTTP_EMPTY');
    assert.equal(judge([reply('<html>')]).code, 'BODY_NOT_JSON');
  });

  test('may stand in a header, which is asked for without case', () => {
    const from = { header: 'X-Commit' };
    assert.equal(judge([reply('', 200, { 'x-commit': [NEW] })], NEW, from).verdict, 'pass');
    assert.equal(judge([reply('', 200, {})], NEW, from).code, 'VERSION_NO_FIELD');
    assert.equal(judge([reply('', 200, { 'x-commit': [''] })], NEW, from).code, 'VERSION_NO_FIELD');
    assert.equal(judge([reply('', 200, { 'x-commit': [NEW, NEW] })], NEW, from).code, 'VERSION_NO_FIELD');
  });

  test('is told and stays unknown where nobody said which one should answer', () => {
    const finding = judge(naming(NEW, NEW), null);
    assert.deepEqual([finding.verdict, finding.code], ['unknown', 'VERSION_NO_EXPECTATION']);
    assert.deepEqual(finding.observed, { commit: NEW });
    assert.equal('expected' in finding, false);
  });

  test('is only a warning short where the question is not whether it is the deployed one', () => {
    const rule = { path: '/v', from: AT_COMMIT, samples: 2 };
    const { together } = inquireVersion({ rule, expected: null, isComparisonDue: false }, GROUND);
    const verdicts = (...commits: readonly unknown[]): unknown =>
      together?.(naming(...commits)).map(({ verdict, code }) => `${verdict} ${code}`);
    assert.deepEqual(verdicts(NEW, NEW), ['warn VERSION_NO_EXPECTATION']);
    assert.deepEqual(verdicts(NEW, OLD), ['fail VERSION_MIXED']);
  });

  test('is mixed also where nobody said which one should answer', () => {
    assert.equal(judge(naming(NEW, OLD), null).code, 'VERSION_MIXED');
  });

  test('of a service that has none in the file is a warning', () => {
    const finding = judgePlace(place({ check: 'version' }), { kind: 'asked', inquiry: UNVERSIONED, attempts: [] }, () => true);
    assert.deepEqual([finding.verdict, finding.code], ['warn', 'VERSION_NOT_CONFIGURED']);
  });
});

suite('two names are of one commit', () => {
  const same = [
    [NEW, NEW],
    [NEW, NEW.slice(0, 7)],
    [NEW.slice(0, 7), NEW],
    [NEW.toUpperCase(), NEW.slice(0, 12)],
    ['v1.2.3', 'V1.2.3'],
    ['42', '42'],
    ['abc', 'abc'],
  ] as const;
  for (const [one, other] of same) test(`${one} and ${other}`, () => assert.ok(isSameCommit(one, other) && isSameCommit(other, one)));
});

suite('two names are not of one commit', () => {
  const different = [
    [NEW, NEW.slice(0, 6)],
    [NEW, OLD],
    [NEW, NEW.slice(1)],
    [NEW, `${NEW}-dirty`],
    [NEW.slice(0, 8), `${NEW.slice(0, 8)}-dirty`],
    ['v1.2.3-beta', 'v1.2.3-'],
    [NEW, ''],
    ['', ''],
  ] as const;
  for (const [one, other] of different) {
    test(`"${one}" and "${other}"`, () => assert.ok(!isSameCommit(one, other) && !isSameCommit(other, one)));
  }
});
