import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { evaluate } from '../../bench/eval/evaluate.ts';
import { setExam } from '../../bench/eval/questions.ts';
import { estimate, judge } from '../../bench/eval/score.ts';
import { contextFor, temporaryFolder } from '../fakes/context.ts';

const THEMES = ['billing', 'parser', 'cache', 'login', 'upload', 'search', 'export', 'metrics', 'invoice', 'session', 'router', 'schema'];

/** A history in which subjects name the file that they change, and bots and large commits change many. */
function repositoryWithHistory(folder: string, { rounds }: { rounds: number }): string {
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args], { cwd: folder, encoding: 'utf8' });
  const write = (theme: string, round: number): void =>
    writeFileSync(
      path.join(folder, 'src', `${theme}.ts`),
      `export function ${theme}Start() {\n  return ${round};\n}\n// ${THEMES.join(' ')}\n`,
    );
  mkdirSync(path.join(folder, 'src'));
  git('init', '--quiet', '--initial-branch=main');
  THEMES.forEach((theme) => write(theme, 0));
  git('add', '.');
  git('commit', '--quiet', '--message', 'Everything');
  for (let round = 1; round <= rounds; round += 1) {
    for (const theme of THEMES) {
      write(theme, round);
      git('commit', '--quiet', '--all', '--message', `Mend the ${theme} start in round ${round}`);
    }
    THEMES.forEach((theme) => write(theme, -round));
    git('-c', 'user.name=dependabot[bot]', 'commit', '--quiet', '--all', '--message', `Bump billing to ${round}`);
  }
  return folder;
}

test('an exam asks only for what came after the indexed commit, by people, about few files that were there', async (t) => {
  const folder = repositoryWithHistory(temporaryFolder(t), { rounds: 2 });
  writeFileSync(path.join(folder, 'new.ts'), 'export const born = 1;\n');
  execFileSync('git', ['add', '.'], { cwd: folder });
  execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=a@b.c', 'commit', '--quiet', '--message', 'Add a file'], { cwd: folder });
  const { commit, questions } = await setExam(contextFor(t), folder, 10);
  assert.equal(questions.length, 9, 'the commit that only adds a file is no question');
  assert.ok(questions.every(({ subject, truth }) => subject.startsWith('Mend the') && truth.size === 1));
  const before = execFileSync('git', ['log', '--format=%s', commit], { cwd: folder, encoding: 'utf8' });
  assert.ok(questions.every(({ subject }) => !before.includes(subject)));
});

test('every system is judged on the same questions, twice the same, and leaves nothing behind', async (t) => {
  const folder = repositoryWithHistory(temporaryFolder(t), { rounds: 3 });
  const { files, ...context } = contextFor(t);
  const made: string[] = [];
  const watched = {
    ...context,
    files: { ...files, temporaryDirectory: (prefix: string) => (made.push(files.temporaryDirectory(prefix)), made.at(-1)!) },
  };
  const request = { repository: folder, queries: 20, withAblations: true };
  const first = await evaluate(watched, request);
  assert.deepEqual(await evaluate(watched, request), first);
  assert.deepEqual(
    made.map((folder) => existsSync(folder)),
    [false, false],
  );
  assert.equal(first.questions, 20);
  assert.equal(first.files, THEMES.length);
  const [count, table, own] = first.systems;
  assert.deepEqual([count?.name, table?.name, own?.name], ['rg, word count', 'one FTS5 table', 'sophia']);
  assert.equal(own!.meanReciprocalRank.mean, 1, 'the path, the symbol and the history all name the file');
  assert.ok(own!.meanReciprocalRank.mean > count!.meanReciprocalRank.mean);
  for (const { recall } of first.systems) assert.ok(recall.low <= recall.mean && recall.mean <= recall.high);
});

test('a history too short for the exam is refused', async (t) => {
  const folder = temporaryFolder(t);
  execFileSync('git', ['init', '--quiet'], { cwd: folder });
  await assert.rejects(setExam(contextFor(t), folder, 5), /no commit/);
  writeFileSync(path.join(folder, 'a.ts'), 'a');
  execFileSync('git', ['add', '.'], { cwd: folder });
  execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=a@b.c', 'commit', '--quiet', '--message', 'Begin'], { cwd: folder });
  await assert.rejects(setExam(contextFor(t), folder, 5), /too short/);
});

test('recall counts what is among the first ten, the reciprocal rank where the first of them stands', () => {
  const ranked = ['x', 'a', ...Array.from({ length: 8 }, (_, index) => `y${index}`), 'b'];
  assert.deepEqual(judge(ranked, new Set(['a', 'b'])), { recall: 0.5, reciprocalRank: 0.5 });
  assert.deepEqual(judge([], new Set(['a'])), { recall: 0, reciprocalRank: 0 });
});

test('an interval holds its mean, is narrower for more questions, and is the same each time', () => {
  const few = estimate([0, 1, 0, 1, 1, 0, 0, 1]);
  const many = estimate(Array.from({ length: 800 }, (_, index) => index % 2));
  assert.deepEqual(estimate([0, 1, 0, 1, 1, 0, 0, 1]), few);
  assert.ok(few.low < few.mean && few.mean < few.high);
  assert.ok(many.high - many.low < few.high - few.low);
  assert.deepEqual(estimate([1, 1, 1]), { mean: 1, low: 1, high: 1 });
});
