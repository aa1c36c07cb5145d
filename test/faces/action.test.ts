// The action face: a fake of @actions/core where it is enough, the real one and real files where a runner would read them.
import { deepEqual, doesNotMatch, equal, match, ok } from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { test, type TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import { defineCommand, inputVariableOf, type Command } from '../../src/command.ts';
import type { Env } from '../../src/context.ts';
import { SophiaError } from '../../src/errors.ts';
import { runAction, type Runner } from '../../src/faces/action.ts';
import { outcome, type Finding, type Outcome } from '../../src/outcome.ts';
import { contextFor, temporaryFolder } from '../fakes/context.ts';

const MAIN = path.resolve(import.meta.dirname, '../../src/main.ts');

interface Heard {
  readonly secrets: string[];
  readonly annotations: { readonly level: string; readonly message: string; readonly [property: string]: unknown }[];
  readonly outputs: Record<string, string>;
  summary: string;
  out: string;
  err: string;
  /** In the order in which a runner would see it. */
  readonly order: string[];
}

interface Asked {
  readonly command?: Command;
  readonly argv?: readonly string[];
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Env;
}

/** What the command was given: options by name. */
interface Seen {
  options?: Readonly<Record<string, unknown>>;
  env?: Env;
}

function commandThat(run: (seen: { options: Readonly<Record<string, unknown>>; env: Env }) => Outcome): Command {
  return defineCommand({
    name: 'try out',
    summary: 'Try it',
    options: {
      place: { type: 'path', positional: true, help: 'Where' },
      timeout: { type: 'duration', default: '10s', help: 'How long' },
      maxFileSize: { type: 'size', help: 'How large' },
      include: { type: 'list', help: 'Which' },
      full: { type: 'boolean', help: 'All' },
    },
    examples: [{ command: 'sophia try out', does: 'Try' }],
    permissions: [{ scope: 'contents', level: 'read', reason: 'to look' }],
    secrets: { NOTION_API_KEY: 'Reads' },
    outputs: { found: { from: 'found', help: 'How many' }, names: { from: 'names', help: 'Which' } },
    dataSchema: { type: 'object' },
    run: (context, options) => Promise.resolve(run({ options, env: context.env })),
    view: ({ findings }) => findings.map(({ reason }) => reason).join('\n'),
  });
}

function commandWith(findings: readonly Finding[]): Command {
  return commandThat(() => outcome(findings, { found: findings.length, names: ['a', 'b'] }));
}

function remembering(seen: Seen): Command {
  return commandThat((given) => {
    Object.assign(seen, given);
    return outcome([pass], {});
  });
}

const pass: Finding = { check: 'c', target: 't', verdict: 'pass', reason: 'fine' };

function listener(): { readonly heard: Heard; readonly runner: Runner } {
  const heard: Heard = { secrets: [], annotations: [], outputs: {}, summary: '', out: '', err: '', order: [] };
  const annotate =
    (level: string) =>
    (message: string | Error, properties: object = {}) => {
      heard.order.push(level);
      heard.annotations.push({ level, message: String(message), ...properties });
    };
  const summary = {
    addRaw: (text: string) => {
      heard.summary += text;
      return summary;
    },
    write: () => Promise.resolve(summary),
  };
  const runner = {
    setSecret: (secret: string) => {
      heard.order.push('mask');
      heard.secrets.push(secret);
    },
    error: annotate('error'),
    warning: annotate('warning'),
    notice: annotate('notice'),
    setOutput: (name: string, value: string) => {
      heard.outputs[name] = value;
    },
    summary,
  };
  return { heard, runner: runner as unknown as Runner };
}

async function act(t: TestContext, asked: Asked): Promise<Heard & { readonly exitCode: number; readonly directory: string }> {
  const { heard, runner } = listener();
  const directory = temporaryFolder(t);
  const command = asked.command ?? commandWith([pass]);
  const inputs: Record<string, string> = {};
  for (const [name, value] of Object.entries(asked.inputs ?? {})) inputs[inputVariableOf(name)] = value;
  const exitCode = await runAction({
    sections: [],
    registry: [
      { name: command.name, summary: command.summary, load: () => Promise.resolve(command) },
      { name: 'serve', summary: 'Serve', load: () => Promise.resolve({ ...command, name: 'serve', action: { none: 'it never ends' } }) },
    ],
    argv: asked.argv ?? ['try', 'out'],
    env: {
      SOPHIA_ACTION: '1',
      GITHUB_WORKSPACE: directory,
      GITHUB_OUTPUT: 'x',
      GITHUB_STEP_SUMMARY: 'x',
      SOPHIA_INPUT_WORKING_DIRECTORY: directory,
      ...inputs,
      ...asked.env,
    },
    out: (text) => {
      heard.order.push('out');
      heard.out += text;
    },
    err: (text) => {
      heard.err += text;
    },
    createContext: ({ directory: inner, env }) => Promise.resolve({ ...contextFor(t, { directory: inner }), env }),
    runner,
  });
  return { ...heard, exitCode, directory };
}

test('an input that is empty was not given', async (t) => {
  const seen: Seen = {};
  const { exitCode } = await act(t, { command: remembering(seen), inputs: { timeout: '', include: ' \n', full: '', place: '' } });
  equal(exitCode, 0);
  deepEqual(seen.options, { timeout: 10_000, include: [], full: false });
});

test('inputs rank as flags: above the environment', async (t) => {
  const seen: Seen = {};
  await act(t, { command: remembering(seen), inputs: { timeout: '5s' }, env: { SOPHIA_TIMEOUT: '1s', SOPHIA_MAX_FILE_SIZE: '2kB' } });
  equal(seen.options?.['timeout'], 5000);
  equal(seen.options?.['maxFileSize'], 2000);
});

test('a list is split at newlines and commas, trimmed, without empties', async (t) => {
  const seen: Seen = {};
  await act(t, { command: remembering(seen), inputs: { include: ' a b , c\n\nd,,\r\ne ' } });
  deepEqual(seen.options?.['include'], ['a b', 'c', 'd', 'e']);
});

for (const [text, value] of [
  ['true', true],
  ['True', true],
  ['TRUE', true],
  ['false', false],
  ['False', false],
  ['FALSE', false],
] as const) {
  test(`"${text}" is ${value}`, async (t) => {
    const seen: Seen = {};
    await act(t, { command: remembering(seen), inputs: { full: text } });
    equal(seen.options?.['full'], value);
  });
}

for (const text of ['yes', '1', 'tRUE', 'on']) {
  test(`"${text}" is no boolean, and nothing is run`, async (t) => {
    const seen: Seen = {};
    const { exitCode, annotations, outputs } = await act(t, { command: remembering(seen), inputs: { full: text } });
    equal(exitCode, 2);
    equal(seen.options, undefined);
    equal(annotations[0]!['title'], 'ACTION_INPUT_INVALID');
    deepEqual(outputs, { result: 'UNKNOWN', 'exit-code': '2', 'proof-path': '', 'proof-sha256': '', found: '', names: '' });
  });
}

test('the root action takes the command and its options as data', async (t) => {
  const seen: Seen = {};
  const options = 'place: "a b; $(touch x)"\ntimeout: 5s\nmax-file-size: 010\nfull: true\ninclude:\n  - a,b\n  - 1.10\n';
  const { exitCode } = await act(t, { command: remembering(seen), argv: [], inputs: { command: 'try-out', options } });
  equal(exitCode, 0);
  deepEqual(seen.options, { place: 'a b; $(touch x)', timeout: 5000, maxFileSize: 10, include: ['a', 'b', '1.10'], full: true });
});

for (const [what, inputs, code, message] of [
  ['no command', { command: '' }, 'ACTION_INPUT_INVALID', /there is no default command/],
  ['an unknown command', { command: 'try ou' }, 'UNKNOWN_COMMAND', /did you mean "try out"/],
  ['a command that is no action', { command: 'serve' }, 'ACTION_INPUT_INVALID', /it never ends/],
  ['an unknown option', { command: 'try out', options: 'timeuot: 1s' }, 'ACTION_INPUT_INVALID', /did you mean "timeout"/],
  ['an option in camel case', { command: 'try out', options: 'maxFileSize: 1' }, 'ACTION_INPUT_INVALID', /no option "maxFileSize"/],
  ['options that are a list', { command: 'try out', options: '- a' }, 'ACTION_INPUT_INVALID', /must be a mapping/],
  ['options that are words', { command: 'try out', options: '--full' }, 'ACTION_INPUT_INVALID', /must be a mapping/],
  ['options that are no YAML', { command: 'try out', options: 'a: [' }, 'ACTION_INPUT_INVALID', /is no YAML/],
  ['an option given twice', { command: 'try out', options: 'full: true\nfull: false' }, 'ACTION_INPUT_INVALID', /is no YAML/],
  ['a list for one value', { command: 'try out', options: 'timeout: [1s]' }, 'ACTION_INPUT_INVALID', /takes one value/],
  ['a mapping for a value', { command: 'try out', options: 'timeout: {a: 1}' }, 'ACTION_INPUT_INVALID', /neither a value nor a list/],
] as const) {
  test(`${what} ends with exit 2 and ${code}`, async (t) => {
    const { exitCode, annotations } = await act(t, { argv: [], inputs });
    equal(exitCode, 2);
    equal(annotations[0]!['title'], code);
    match(annotations[0]!.message, message);
  });
}

test('secrets are masked line by line before anything is printed, and reach the command under their own name', async (t) => {
  const seen: Seen = {};
  const heard = await act(t, {
    command: remembering(seen),
    inputs: { 'notion-api-key': 'first-line\nsecond-line', 'github-token': 'tok' },
    env: { SLACK_TOKEN: 'xoxb-123456', PAGER: 'less is more', SHORT_TOKEN: 'a' },
  });
  deepEqual(heard.secrets, ['xoxb-123456', 'tok', 'first-line', 'second-line']);
  ok(heard.order.lastIndexOf('mask') < heard.order.indexOf('out'));
  equal(seen.env?.['NOTION_API_KEY'], 'first-line\nsecond-line');
  equal(seen.env?.['GITHUB_TOKEN'], 'tok');
});

test('a sophia that the command starts is an ordinary one: it sees no inputs', async (t) => {
  const seen: Seen = {};
  await act(t, { command: remembering(seen), inputs: { timeout: '5s' } });
  deepEqual(
    Object.keys(seen.env ?? {}).filter((name) => name.startsWith('SOPHIA_')),
    [],
  );
});

test('the worst ten of each level are annotated, the worst first, and the rest is in the summary', async (t) => {
  const findings = [
    ...Array.from({ length: 12 }, (_, index): Finding => ({ ...pass, verdict: 'warn', target: `w${index}` })),
    { ...pass, verdict: 'unknown', target: 'u' } as const,
    ...Array.from({ length: 11 }, (_, index): Finding => ({ ...pass, verdict: 'fail', target: `f${index}`, code: 'NET_TIMEOUT' })),
  ];
  const { annotations, summary, exitCode } = await act(t, { command: commandWith(findings) });
  equal(exitCode, 1);
  deepEqual(
    annotations.map(({ level }) => level),
    [...Array<string>(10).fill('error'), ...Array<string>(10).fill('warning'), 'notice'],
  );
  equal(annotations[0]!['title'], 'NET_TIMEOUT');
  equal(annotations[0]!.message, 'f0: fine');
  equal(annotations.at(-1)!.message, '4 more in the summary');
  for (const target of ['w11', 'u', 'f10']) match(summary, new RegExp(`\\| ${target} \\|`));
});

test('a mistake in sophia.yaml is annotated at its line, relative to the workspace', async (t) => {
  const workspace = temporaryFolder(t);
  fs.mkdirSync(path.join(workspace, 'deep'));
  fs.writeFileSync(path.join(workspace, 'deep/sophia.yaml'), 'try_out:\n  timeuot: 1s\n  full: maybe\n');
  const { annotations, exitCode } = await act(t, {
    inputs: { 'working-directory': path.join(workspace, 'deep') },
    env: { GITHUB_WORKSPACE: workspace },
  });
  equal(exitCode, 2);
  deepEqual(
    annotations.map(({ title, file, startLine, startColumn }) => [title, file, startLine, startColumn]),
    [
      ['CONFIG_INVALID', path.join('deep', 'sophia.yaml'), 2, 3],
      ['CONFIG_INVALID', path.join('deep', 'sophia.yaml'), 3, 9],
    ],
  );
});

test('text of strangers is no command: not at the start of a line, not anywhere in one', async (t) => {
  const reason = '::set-output name=a::b\n \t::add-mask::x\r::error::y\nplain ##[command]z\nstd::vector';
  const { out } = await act(t, { command: commandWith([{ ...pass, reason }]) });
  for (const line of out.split(/[\r\n]/)) {
    doesNotMatch(line, /^\s*::/);
    doesNotMatch(line, /##\[/);
  }
  match(out, /std::vector/);
});

test('a summary above 1 MiB is cut at a line and says so', async (t) => {
  const reason = `${'x'.repeat(99)}\n`.repeat(20_000);
  const { summary } = await act(t, { command: commandWith([{ ...pass, reason }]) });
  ok(Buffer.byteLength(summary) < 1 << 20);
  match(summary, /\nx{99}\n\n… cut here: \d+ bytes more\./);
});

test('own outputs are text, lists and objects JSON', async (t) => {
  const { outputs } = await act(t, {});
  deepEqual(outputs, { result: 'PASSED', 'exit-code': '0', 'proof-path': '', 'proof-sha256': '', found: '1', names: '["a","b"]' });
});

test('a result that was stopped by an error is UNKNOWN, whatever was found', async (t) => {
  const error = new SophiaError('NET_REFUSED', { url: 'http://127.0.0.1', reason: 'x' });
  const command = commandThat(() => ({ findings: [pass], data: {}, error }));
  const { outputs, exitCode, annotations } = await act(t, { command });
  deepEqual([exitCode, outputs['result'], outputs['exit-code']], [3, 'UNKNOWN', '3']);
  equal(annotations[0]!['title'], 'NET_REFUSED');
});

interface Step {
  readonly exitCode: number;
  readonly stdout: string;
  readonly outputs: ReadonlyMap<string, string>;
  readonly summary: string;
  readonly artifacts: string;
}

/** The real main, the real @actions/core, real files. */
async function step(
  t: TestContext,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Step & { readonly workspace: string }> {
  const workspace = temporaryFolder(t);
  const files = Object.fromEntries(
    ['GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY', 'GITHUB_ARTIFACTS'].map((name) => [name, path.join(workspace, name)]),
  );
  for (const file of Object.values(files)) fs.writeFileSync(file, '');
  const all = { PATH: process.env['PATH'], GITHUB_WORKSPACE: workspace, SOPHIA_ACTION: '1', ...files, ...env };
  const ended = await new Promise<{ exitCode: number; stdout: string }>((resolve) => {
    execFile(process.execPath, [MAIN, ...argv], { cwd: workspace, env: all }, (error, stdout) => {
      resolve({ exitCode: error === null ? 0 : Number(error.code), stdout });
    });
  });
  const [output, summary, artifacts] = Object.values(files).map((file) => fs.readFileSync(file, 'utf8'));
  return { ...ended, workspace, outputs: parseOutputs(output!), summary: summary!, artifacts: artifacts! };
}

/** As the runner reads the file: `name<<DELIMITER`, lines, `DELIMITER`. */
function parseOutputs(text: string): ReadonlyMap<string, string> {
  return new Map([...text.matchAll(/^([\w-]+)<<(\S+)\n([\s\S]*?)\n?\2\n/gm)].map(([, name, , value]) => [name!, value!]));
}

test('a failing step writes its outputs and its summary', async (t) => {
  const { exitCode, stdout, outputs, summary } = await step(t, [], { SOPHIA_INPUT_COMMAND: 'nothing%0Asuch', MY_PASSWORD: 'hunter22' });
  equal(exitCode, 2);
  match(stdout, /^::add-mask::hunter22\n::error title=UNKNOWN_COMMAND::There is no command "nothing%250Asuch"/);
  deepEqual(
    [...outputs],
    [
      ['result', 'UNKNOWN'],
      ['exit-code', '2'],
      ['proof-path', ''],
      ['proof-sha256', ''],
    ],
  );
  match(summary, /UNKNOWN_COMMAND/);
});

test('a run with a proof names it, relative to the workspace, and offers it for attestation', async (t) => {
  const { exitCode, outputs, summary, artifacts, workspace } = await step(t, ['index'], {
    SOPHIA_INPUT_FULL: 'true',
    SOPHIA_INPUT_PATH: '.',
  });
  equal(exitCode, 0);
  equal(outputs.get('result'), 'PASSED');
  const proof = outputs.get('proof-path')!;
  match(proof, /^proofs\/context_index\/\d{4}\/\d{2}\/\d{2}\/[0-9A-Z]{26}\.json$/);
  match(outputs.get('proof-sha256')!, /^[0-9a-f]{64}$/);
  equal(artifacts, `${pathToFileURL(path.join(fs.realpathSync(workspace), proof)).href}\n`);
  match(summary, /### sophia index: PASSED/);
  const { predicate } = JSON.parse(fs.readFileSync(path.join(workspace, proof), 'utf8')) as { predicate: { argv: readonly string[] } };
  deepEqual(predicate.argv, ['index', '.', '--full']);
});

test('files of the runner that cannot be written change nothing about the exit code', async (t) => {
  const missing = '/nonexistent/file';
  const { exitCode } = await step(t, [], {
    SOPHIA_INPUT_COMMAND: 'nothing',
    GITHUB_OUTPUT: missing,
    GITHUB_STEP_SUMMARY: missing,
    GITHUB_ARTIFACTS: missing,
  });
  equal(exitCode, 2);
});
