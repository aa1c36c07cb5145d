import { match, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { planUnit, UNIT_KINDS, type UnitKind } from '../../src/generate/units.ts';

const taken = { commands: ['index', 'proofs verify'], isFile: (file: string) => file === 'src/checks/kinds/health.ts' };

function problemOf(kind: UnitKind, name: string): string {
  const planned = planUnit(kind, name, taken);
  return 'problem' in planned ? planned.problem : '';
}

for (const kind of UNIT_KINDS) {
  test(`a ${kind} comes with a test that mirrors its place`, () => {
    const planned = planUnit(kind, 'two-words', taken);
    ok('files' in planned);
    const files = [...planned.files.keys()];
    ok(files.some((file) => file.startsWith('src/')) && files.some((file) => /^test\/.*\.test\.ts$/.test(file)), files.join(' '));
  });
}

for (const [kind, name, problem] of [
  ['command', '', /needs a name/],
  ['command', 'Hello', /must be a to z/],
  ['command', '../../etc', /must be a to z/],
  ['command', '--force', /must be a to z/],
  ['command', 'a b c d', /one to three words/],
  ['command', 'a'.repeat(33), /longer than/],
  ['command', 'héllo', /must be a to z/],
  ['command', 'index', /taken: there is sophia index/],
  ['command', 'proofs-verify', /taken: there is sophia proofs verify/],
  ['command', 'proofs', /begin with the same words/],
  ['command', 'index again', /begin with the same words/],
  ['check', 'health', /taken: src\/checks\/kinds\/health.ts exists/],
  ['check', 'two words', /must be one word/],
  ['service', 'utils', /name it after what it knows/],
  ['language', 'class', /a word of JavaScript/],
  ['check', 'delete', /a word of JavaScript.*try delete-check/],
] as const) {
  test(`a ${kind} cannot be called "${name}"`, () => match(problemOf(kind, name), problem));
}
