import { deepEqual, equal, match, ok } from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { FINDING_CODES } from '../../src/codes.ts';
import { readOperations } from '../../src/checks/reading.ts';
import { servicesSection } from '../../src/checks/section.ts';
import { extent } from '../extent.ts';
import { configReader, edited, FULL, problemsOf } from './sections/full.ts';

test('a file with every key there is is taken, and says where each of its checks stands', async (t) => {
  const config = await (await configReader(t))(FULL);
  equal(config.file, 'sophia.yaml');
  const lineOf = (needle: string): number => FULL.split('\n').findIndex((line) => line.includes(needle)) + 1;
  deepEqual(config.locate(servicesSection, '/mcp-repo'), { file: 'sophia.yaml', line: lineOf('mcp-repo:'), column: 3 });
  deepEqual(config.locate(servicesSection, '/mcp-repo/checks/0'), { file: 'sophia.yaml', line: lineOf('- id: tree'), column: 9 });
  deepEqual(config.locate(servicesSection, '/mcp-repo/health'), { file: 'sophia.yaml', line: lineOf('fail: [fail'), column: 5 });
  deepEqual(config.locate(servicesSection, '/mcp-context/health'), { file: 'sophia.yaml', line: lineOf('mcp-context:'), column: 3 });
  equal(config.locate({ name: 'secrets' }, ''), null);
});

test('what the docs show as a file is one', async (t) => {
  const page = fs.readFileSync(path.resolve(import.meta.dirname, '../../docs/operations.md'), 'utf8');
  const examples = [...page.matchAll(/^```yaml\n([^]*?)^```$/gm)].map(([, text = '']) => text);
  ok(examples.length > 0);
  const read = await configReader(t);
  for (const text of examples) deepEqual(await problemsOf(read, text), [], text);
  equal(examples[0]!.trimEnd().split('\n').length, 10, 'the first file has ten lines');
});

test('the page about operations names every key of the services, and every code of a finding', () => {
  const page = fs.readFileSync(path.resolve(import.meta.dirname, '../../docs/operations.md'), 'utf8');
  for (const code of FINDING_CODES) ok(page.includes(`\`${code}\``), code);
  for (const key of [
    '<name>.url',
    '<name>.health.pass',
    '<name>.deploy.app',
    '<name>.checks[].get',
    '<name>.checks[].cors.denies',
    '[].target',
  ])
    ok(page.includes(`| \`${key}\` | `), key);
});

test('variables that reach a server in a header or a body are secret, and those of an address are not', async (t) => {
  const read = await configReader(t);
  const text = edited(
    '{id: login, get: /private,',
    "{id: login, post: /private, body: {form: {user: '${env.REPO_USER}', word: 'x${env.REPO_PASS}'}},",
  );
  deepEqual((await read(text)).secretNames.toSorted(), ['REPO_PASS', 'REPO_TOKEN', 'REPO_USER']);
  deepEqual((await read("services: {a: {url: 'https://${env.REPO_HOST}'}}\n")).secretNames, []);
});

/** What stands in the file, what is written instead, what of that the error is at, and what it says. */
type Edit = readonly [from: string, to: string, at: string, said: RegExp];

const TYPOS: readonly Edit[] = [
  ['services:', 'servces:', 'servces', /^unknown section "servces", did you mean "services"\?$/],
  ['title: Repo', 'titel: Repo', 'titel', /^unknown key "titel" in services\.mcp-repo, did you mean "title"\?$/],
  ['    health: {', '    heatlh: {', 'heatlh', /^unknown key "heatlh" in services\.mcp-repo, did you mean "health"\?$/],
  ['min_days: 7', 'min_day: 7', 'min_day:', /^unknown key "min_day" in services\.mcp-repo\.tls, did you mean "min_days"\?$/],
  ['network: 2', 'netwrok: 2', 'netwrok', /^unknown key "netwrok" in defaults\.retries, did you mean "network"\?$/],
  ['get: /private', 'gte: /private', 'gte', /^unknown key "gte" in services\.mcp-repo\.checks\[2\], did you mean "get"\?$/],
  ['  status: 200', '  staus: 200', 'staus', /^unknown key "staus" in services\.mcp-repo\.checks\[0\]\.expect, did you mean "status"\?$/],
  ['per_run: 60', 'perrun: 60', 'perrun', /^unknown key "perrun" in slos\[0\]\.samples, did you mean "per_run"\?$/],
  ['after: 2,', 'afer: 2,', 'afer', /^unknown key "afer" in incidents, did you mean "after"\?$/],
  ['[mcp-context]', '[mcp-contex]', 'mcp-contex]', /there is no service "mcp-contex", did you mean "mcp-context"\?$/],
  ['needs: [tree]', 'needs: [tre]', 'tre]', /there is no check "tre", did you mean "tree"\?$/],
  ['/${capture.first}', '/${capture.frist}', "'/repo/file", /no check of this service captures "frist", did you mean "first"\?$/],
  ['${env.DASH', '${evn.DASH', "'${evn", /\$\{evn\.DASHBOARD_ORIGIN\} is unknown, did you mean "\$\{env\.DASHBOARD_ORIGIN\}"\?$/],
  ['${env.REPO_TOKEN}', '${REPO_TOKEN}', "'Bearer", /\$\{REPO_TOKEN\} is unknown, did you mean "\$\{env\.REPO_TOKEN\}"\?$/],
  ['origin: dashboard,', 'origin: dashbord,', 'dashbord', /did you mean "dashboard"/],
  [
    'service: mcp-repo, check: tree, indicator: lat',
    'service: mcprepo, check: tree, indicator: lat',
    'mcprepo',
    /there is no service "mcprepo", did you mean "mcp-repo"\?$/,
  ],
];

/** What is no typo and cannot be meant either. */
const REFUSED: readonly Edit[] = [
  ['version: 1\n', "version: '1'\n", "'1'\n", /^"version" must be 1, not "1"$/],
  ['http://127.0.0.1:8080', 'http://context.example', 'http://context', /in clear: use https:\/\/, or say with `insecure:`/],
  [
    "    insecure: 'inside the private network'\n",
    '',
    'http://legacy',
    /^services\.mcp-legacy\.url: http:\/\/ goes over the network in clear/,
  ],
  ["'inside the private network'", "''", "''", /^"services\.mcp-legacy\.insecure" must be the reason, in words/],
  [
    'repo.fly.dev',
    'repo.fly.dev/#x',
    'https://sophiaai-mcp-repo',
    /^"services\.mcp-repo\.url" must be an http:\/\/ or https:\/\/ address without user/,
  ],
  ['[https://status', '[http://status', 'http://status', /^control\[0\]: http:\/\/ goes over the network in clear: use https:\/\/$/],
  ["'1234567'", '1234567', '1234567', /^"services\.mcp-context\.version\.equals" must be text: quote it/],
  ["'1234567'", '12e4567', '12e4567', /^"services\.mcp-context\.version\.equals" must be text: quote it/],
  ['{header: x-commit,', '{at: $.x, header: x-commit,', 'x-commit', /^"services\.mcp-context\.version\.header" cannot be beside "at"/],
  [
    'kind: fly,',
    'kind: flyctl,',
    'flyctl',
    /^"services\.mcp-repo\.deploy\.kind" must be one of fly, compose, kube, command, not "flyctl"$/,
  ],
  ['app: sophiaai-mcp-repo', 'app: --config', '--config', /^"services\.mcp-repo\.deploy\.app" must be a name of letters/],
  ["'closed until the move'", 'no', 'no}]', /^"services\.store\.checks\[0\]\.skip" must be the reason, in words, not "no"$/],
  ["'inside the private network'", 'Off ', 'Off ', /^"services\.mcp-legacy\.insecure" must be the reason, in words, not "Off"$/],
  ["'closed until the move'", "' '", "' '", /^"services\.store\.checks\[0\]\.skip" must be the reason, in words/],
  ['needs: [tree]', 'needs: [fille]', 'fille', /there is no check "fille"$/],
  ['within: 120s', 'within: 25h', '25h, every', /^"services\.mcp-repo\.ready\.within" must be a duration .* at most a day$/],
  ['{timeout: 10s', '{timeout: 30d', '30d, conn', /^"defaults\.timeout" must be a duration .* at most a day$/],
  ['500ms..5s', '500ms..2d', '500ms..2d', /^"defaults\.retries\.backoff" must be two durations of at most a day/],
  ['network: 2', 'network: .inf', '.inf', /^"defaults\.retries\.network" must be a whole number from 0 to 100, not Infinity$/],
  ['max_body: 1MiB', "max_body: '0'", "'0'", /^"defaults\.max_body" must be a size/],
  ['samples: 5}', 'samples: 1e9}', '1e9}', /^"services\.mcp-repo\.version\.samples" must be a whole number from 1 to 100, not 1000000000$/],
  ['passes: 2', 'passes: 1e9', '1e9', /^"services\.mcp-repo\.ready\.passes" must be a whole number from 1 to 100/],
  ['per_run: 60', 'per_run: 9007199254740991', '9007199254740991', /^"slos\[0\]\.samples\.per_run" must be a whole number from 1 to 10000/],
  [
    'https://sophiaai-mcp-repo.fly.dev',
    '"https://repo\\0"',
    '"https://repo',
    /^"services\.mcp-repo\.url" must be an http:\/\/ or https:\/\/ address/,
  ],
  ['within: 120s', 'within: 0s', '0s, every', /^"services\.mcp-repo\.ready\.within" must be a duration like/],
  ['[warn, degraded]', '[warn, OK]', 'OK]', /^services\.mcp-repo\.health\.warn\[1\]: "OK" is among the words for pass already$/],
  ['{id: login,', '{id: login, tcp: a:1,', 'get: /private', /checks\[2\]\.get" is one question too many beside "tcp": an entry asks one$/],
  [
    "{id: port, tcp: 'db.internal:5432'}\n",
    '{id: port}\n',
    '{id: port}',
    /^"services\.mcp-repo\.checks\[5\]" does not say what to ask: it needs one of .*get/,
  ],
  ['{id: name, dns', '{id: tree, dns', 'tree, dns', /"tree" is there twice: an id is unique in its service$/],
  ['{id: name, dns', '{id: health, dns', 'health, dns', /"health" is what findings call a check of every service/],
  [', needs: [tree]}', '}', "'/repo/file", /"first" is captured by "tree", which this check does not need: add needs: \[tree\]$/],
  ['- id: tree\n', '- id: tree\n        needs: [file]\n', 'tree]', /: tree → file → tree: each would wait for the next for ever$/],
  [
    '127.0.0.1:8080\n',
    '127.0.0.1:8080\n    needs: [mcp-repo]\n',
    'mcp-context]',
    /: mcp-context → mcp-repo → mcp-context: each would wait/,
  ],
  [
    '- {id: repo-p95,',
    '- {id: repo-avail,',
    'repo-avail, service: mcp-repo, check: tree, indicator: latency',
    /^slos\[1\]\.id: "repo-avail" is there twice/,
  ],
  [' under: 800ms,', '', '{id: repo-p95', /^slos\[1\]: an objective of latency needs `under`/],
  ['indicator: availability,', 'indicator: availability, under: 1s,', '1s, target', /^slos\[0\]\.under: belongs to objectives of latency$/],
  [
    "availability, target: '0.95'",
    'availability, target: 1',
    '1, window',
    /^"slos\[0\]\.target" must be more than 0 and less than 1, like 0\.95, not 1$/,
  ],
  ["availability, target: '0.95'", "availability, target: '95%'", "'95%'", /^"slos\[0\]\.target" must be more than 0 and less than 1/],
  ['missing: bad', "missing: {exclude: ''}", "''", /^"slos\[0\]\.missing\.exclude" must be the reason, in words, not ""$/],
  ['since: 2026-11-01', 'since: 2026-02-31', '2026-02-31', /^slos\[0\]\.since: there is no such day$/],
  ['backoff: 500ms..5s', 'backoff: 5s..500ms', '5s..500ms', /^defaults\.retries\.backoff: the shorter one comes first$/],
  ['--json]', "'${env.HOME}']", "'${env.HOME}'", /^services\.mcp-legacy\.deploy\.argv\[1\]: nothing is filled in here/],
  ['labels: [incident]', 'labels: []', '[]', /^"incidents\.labels" must have at least 1/],
  ['every: 1d, ', '', 'smoke: {grace', /^"schedule\.smoke\.every" is missing$/],
  ['Repository MCP', 'x'.repeat(81), 'x'.repeat(81), /^"services\.mcp-repo\.title" must be text of 1 to 80 characters/],
  ['  store:\n', '  run:\n', 'run:\n', /^services\.run: findings call the run itself "run": choose another id$/],
  ['  store:\n', '  Store:\n', 'Store', /^"services\.Store" must be called an id: a to z/],
];

for (const [from, to, at, said] of [...TYPOS, ...REFUSED]) {
  test(`${JSON.stringify(to.slice(0, 50))} for ${JSON.stringify(from.slice(0, 50))} is an error where it stands`, async (t) => {
    const text = edited(from, to);
    const problems = await problemsOf(await configReader(t), text);
    const place = `sophia.yaml:${placeOf(text, at)}: `;
    const here = problems.filter((each) => each.startsWith(place)).map((each) => each.slice(place.length));
    ok(
      here.some((each) => said.test(each)),
      `at ${place}\n${problems.join('\n')}`,
    );
  });
}

/** Line and column of what is in the text once. */
function placeOf(text: string, needle: string): string {
  const [before, , ...more] = text.split(needle);
  equal(more.length, 0, `"${needle}" is there more than once`);
  const lines = before!.split('\n');
  return `${lines.length}:${lines.at(-1)!.length + 1}`;
}

test('all that is wrong is told at once, in the order of the file, beside broken syntax as well', async (t) => {
  const text = edited('title: Repository MCP', 'titel: Repository MCP')
    .replace('min_days: 7', 'min_days: seven')
    .replace('check: tree, ind', 'check: tre, ind');
  const problems = await problemsOf(await configReader(t), `${text}more:\n\t- x\n`);
  deepEqual(
    problems.map((each) => /^sophia\.yaml:(\d+):\d+: /.exec(each)?.[1]),
    ['55', '20', '27', '50', '54'],
    problems.join('\n'),
  );
  match(problems[0]!, /tab/i);
});

test('a service of a needs or of an objective is looked for among those that are themselves wrong', async (t) => {
  const text =
    'services: {a: {urll: x}, b: {url: https://b.example, needs: [a]}}\nslos: [{id: s, service: a, check: nothing, indicator: availability, target: 0.9}]\n';
  const problems = await problemsOf(await configReader(t), text);
  equal(problems.length, 2, problems.join('\n'));
  match(problems[0]!, /unknown key "urll"/);
  match(problems[1]!, /a has no check "nothing"/);
});

test('a chain of services as long as the file allows is followed to its end', async (t) => {
  const names = Array.from({ length: 5000 }, (_, index) => `s${index.toString(36)}`);
  const lines = names.map((name, index) => ` ${name}: {url: https://x.y, needs: [${names[index + 1] ?? names[0]!}]}`);
  const problems = await problemsOf(await configReader(t), `services:\n${lines.join('\n')}\n`);
  equal(problems.length, 1);
  match(problems[0]!, /^sophia\.yaml:5001:\d+: .*s0 → s1 → /);
});

const SNIPPETS = [
  '\n',
  '\t',
  ' ',
  ':',
  ': ',
  '- ',
  '{',
  '}',
  '[',
  ']',
  "'",
  '"',
  '#',
  '&a ',
  '*a',
  '<<: ',
  '!x ',
  '? ',
  '| ',
  '${',
  '$${',
  '\\',
  '\u0000',
  '\u2028',
  '💥',
  '~',
  '0',
  '1e999',
  '__proto__: ',
  'null',
  '---\n',
  '%YAML 1.1\n',
  '@',
  '`',
];

/** Cut, double, put something in, or move a line. */
const edits = fc.array(
  fc.record({
    at: fc.nat(FULL.length),
    length: fc.nat(40),
    what: fc.constantFrom('cut', 'double', 'insert', 'move'),
    text: fc.constantFrom(...SNIPPETS),
    to: fc.nat(FULL.length),
  }),
  { minLength: 1, maxLength: 4 },
);

test('whatever is done to a file, it is taken or refused at a line: never a bug', async (t) => {
  const read = await configReader(t);
  const lines = (text: string): number => text.split('\n').length;
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(edits, async (list) => {
      let text = FULL;
      for (const { at, length, what, text: snippet, to } of list) {
        const part = text.slice(at, at + length);
        const rest = text.slice(0, at) + text.slice(at + length);
        if (what === 'cut') text = rest;
        else if (what === 'double') text = text.slice(0, at) + part + text.slice(at);
        else if (what === 'insert') text = text.slice(0, at) + snippet + text.slice(at);
        else text = rest.slice(0, to) + part + rest.slice(to);
      }
      const problems = await problemsOf(read, text);
      for (const each of problems) {
        const line = Number(/^sophia\.yaml:(\d+):\d+: ./.exec(each)?.[1]);
        ok(line >= 1 && line <= lines(text), each);
      }
      if (problems.length > 0) return;
      taken += 1;
      readOperations(await read(text));
    }),
    { numRuns: extent(600, 100) },
  );
  ok(taken > 0, 'some edits leave a file that is right');
});

test('an address of many broken forms is refused at once', async (t) => {
  const read = await configReader(t);
  for (const form of ['${a', '${a}', '${', '}${', '${${a}']) {
    const problems = await problemsOf(read, `services: {a: {url: 'https://${form.repeat(200)} '}}\n`);
    ok(
      problems.some((each) => /must be an http:\/\/ or https:\/\/ address/.test(each)),
      form,
    );
  }
});

test('thousands of names that lead nowhere are all told apart from thousands that are there, in seconds', async (t) => {
  const nameOf = (index: number): string => `service-with-a-long-name-number-${index}`;
  const lines = Array.from({ length: 2000 }, (_, index) => ` ${nameOf(index)}: {url: https://x.y, needs: [${nameOf(index)}x]}`);
  const problems = await problemsOf(await configReader(t), `services:\n${lines.join('\n')}\n`);
  match(problems[0]!, /there is no service "service-with-a-long-name-number-0x"$/);
});
