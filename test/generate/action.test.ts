import { deepEqual, doesNotMatch, equal, match } from 'node:assert/strict';
import { test } from 'node:test';
import { parseDocument } from 'yaml';
import { describeCommand } from '../../src/describe.ts';
import { actionReadmeOf } from '../../src/generate/action-readme.ts';
import { actionOf, rootActionOf } from '../../src/generate/action.ts';
import { deskUnit, everythingUnit } from './sample.ts';

interface ActionFile {
  readonly name: string;
  readonly description: string;
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly required?: boolean; readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string; readonly value: string }>>;
  readonly runs: {
    readonly using: string;
    readonly steps: readonly { readonly id: string; readonly shell: string; readonly env: object; readonly run: string }[];
  };
}

const description = describeCommand(everythingUnit.command);
const text = actionOf(description, everythingUnit.folder);

/** By both generations of YAML, because the runner's parser is of the older one. */
function parse(yaml: string): ActionFile {
  const versions = (['1.1', '1.2'] as const).map((version) => {
    const document = parseDocument(yaml, { version, strict: true, uniqueKeys: true });
    deepEqual([...document.errors, ...document.warnings], []);
    return document.toJS() as ActionFile;
  });
  deepEqual(versions[0], versions[1]);
  return versions[1]!;
}

test('every option, every secret and the common inputs are inputs', () => {
  deepEqual(Object.keys(parse(text).inputs), [
    'place',
    'others',
    'text',
    'mode',
    'is-loud',
    'times',
    'share',
    'timeout',
    'max-file-size',
    'include',
    'file',
    'github-token',
    'notion-api-key',
    'working-directory',
    'config',
    'verbose',
  ]);
});

test('no input has a default but the token, because a default would beat sophia.yaml', () => {
  const defaults = Object.entries(parse(text).inputs).filter(([, input]) => input.default !== undefined);
  deepEqual(
    defaults.map(([name, input]) => [name, input.default]),
    [['github-token', '${{ github.token }}']],
  );
  equal(parse(text).inputs['timeout']!.description, 'Give up after this long (default: 10s)');
});

test('one composite step hands every input over in env, and nothing else is evaluated', () => {
  const { runs, inputs } = parse(text);
  equal(runs.using, 'composite');
  equal(runs.steps.length, 1);
  const [step] = runs.steps;
  deepEqual(Object.keys(step!), ['id', 'shell', 'env', 'run']);
  equal(step!.id, 'sophia');
  equal(step!.run, 'bash "$GITHUB_ACTION_PATH/../run.sh" proofs try-out');
  doesNotMatch(step!.run, /\$\{\{/);
  const env = Object.keys(inputs).map((name) => [`SOPHIA_INPUT_${name.toUpperCase().replaceAll('-', '_')}`, `\${{ inputs.${name} }}`]);
  deepEqual(Object.entries(step!.env), env);
});

test('the common outputs and the own ones come from the step', () => {
  const { outputs } = parse(text);
  deepEqual(Object.keys(outputs), ['result', 'exit-code', 'proof-path', 'proof-sha256', 'found']);
  equal(outputs['proof-path']!.value, '${{ steps.sophia.outputs.proof-path }}');
});

test('text that YAML would misread comes back as it was', () => {
  const summary = 'yes: \'no\' # {on} & *off, "1e3" | > %';
  const action = parse(
    actionOf({ ...description, summary, options: description.options.map((each) => ({ ...each, help: `${each.name}: ${summary}` })) }, 'x'),
  );
  equal(action.description, summary);
  equal(action.inputs['text']!.description, `text: ${summary}`);
});

test('the root action takes any command that has an action, and has no default command', () => {
  const action = parse(rootActionOf([description, describeCommand(deskUnit.command)]));
  deepEqual(Object.keys(action.inputs), ['command', 'options', 'github-token', 'working-directory', 'config', 'verbose']);
  equal(action.inputs['command']!.default, undefined);
  match(action.inputs['command']!.description, /proofs try-out\./);
  doesNotMatch(action.inputs['command']!.description, /\bask\b/);
  equal(action.runs.steps[0]!.run, 'bash "$GITHUB_ACTION_PATH/actions/run.sh"');
});

test('the README names every permission with its reason, and its workflow is YAML', () => {
  const readme = actionReadmeOf(description, everythingUnit.folder, 'acme/tools');
  match(readme, /\| `issues` \| read \| to read the request \|/);
  match(readme, /issues: read # to read the request/);
  const workflow = parseDocument(/```yaml\n(.*?)\n```/s.exec(readme)![1]!);
  deepEqual(workflow.errors, []);
  match(readme, /uses: acme\/tools\/actions\/proofs-try-out@/);
});
