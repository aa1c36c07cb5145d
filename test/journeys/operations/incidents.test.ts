// sophia smoke --issues, night after night: the real program against a real server and GitHub's API on this machine.
import { deepEqual, equal, match } from 'node:assert/strict';
import { test } from 'node:test';
import { temporaryFolder } from '../../fakes/context.ts';
import { sendJson, serviceOf } from '../../fakes/faults/healthy-service.ts';
import { listenHttp } from '../../fakes/faults/listening.ts';
import { issuesOf } from '../../fakes/github/issues.ts';
import { startGitHub, TOKEN } from '../../fakes/github/github.ts';
import { runSophia, write, type Ended } from '../sophia.ts';

test('two failing runs open one issue, the third edits it, a healthy one closes it, and GitHub decides no exit code', async (t) => {
  const hub = await startGitHub(t);
  let status = 'fail';
  const server = await listenHttp(serviceOf({ '/healthz': (_, response) => sendJson(response, { status }) }));
  t.after(async () => await server.close());
  const cwd = temporaryFolder(t);
  const config = `version: 1\nservices:\n  api: {url: 'http://127.0.0.1:${server.port}', health: {path: /healthz}}\n`;
  write(cwd, { 'sophia.yaml': config });
  const env = { GITHUB_API_URL: hub.url, GITHUB_TOKEN: TOKEN, GITHUB_REPOSITORY: 'o/r' };
  const smoke = async (more = {}): Promise<Ended> => await runSophia({ cwd, env: { ...env, ...more } }, 'smoke', '--issues', '--json');
  const issues = issuesOf(hub, 'o/r');
  const exitCodes: (number | null)[] = [];
  for (const expected of [0, 1, 1]) {
    exitCodes.push((await smoke()).exitCode);
    equal(issues.length, expected);
  }
  match(issues[0]!.body, /3 runs in a row/);
  const unwritten = await smoke({ GITHUB_TOKEN: 'wrong' });
  exitCodes.push(unwritten.exitCode);
  match(unwritten.stdout, /INCIDENT_NOT_WRITTEN/);
  status = 'pass';
  exitCodes.push((await smoke()).exitCode);
  deepEqual(exitCodes, [1, 1, 1, 1, 0]);
  deepEqual(
    issues.map(({ state, comments }) => [state, comments.length]),
    [['closed', 1]],
  );
  match(issues[0]!.comments[0]!, /It was not healthy for \*\*[\d.]+ m?s\*\*/);
});
