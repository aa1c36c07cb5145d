import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { envNamesIn, formsIn, substitute, type Variables } from '../../src/checks/substitution.ts';

const VARIABLES: Variables = { env: { TOKEN: 'a', EMPTY: '', HOST: '${env.TOKEN}' }, sha: 'f00', captured: { first: 'x/y', none: '' } };

for (const [text, value] of [
  ['', ''],
  ['plain $ { } $x', 'plain $ { } $x'],
  ['Bearer ${env.TOKEN}', 'Bearer a'],
  ['${env.TOKEN}${deploy.sha}${capture.first}', 'af00x/y'],
  ['$${env.TOKEN}', '${env.TOKEN}'],
  ['$$${env.TOKEN}', '$${env.TOKEN}'],
  ['$$ ${env.TOKEN}', '$$ a'],
  ['${capture.none}', ''],
] as const) {
  test(`"${text}" is filled in as "${value}"`, () => deepEqual(substitute(text, VARIABLES), { value }));
}

for (const [text, missing] of [
  ['${env.NOBODY}', 'env.NOBODY'],
  ['${env.EMPTY}', 'env.EMPTY'],
  ['${env.toString}', 'env.toString'],
  ['${capture.other}', 'capture.other'],
  ['${env.TOKEN} ${capture.other} ${env.NOBODY}', 'capture.other'],
  ['${TOKEN}', '${TOKEN}'],
  ['${env.TOKEN', '${env.TOKEN'],
  ['${}', '${}'],
] as const) {
  test(`"${text}" is not filled in, because ${missing} is missing`, () => deepEqual(substitute(text, VARIABLES), { missing }));
}

test('without an expected commit, it is missing', () => {
  deepEqual(substitute('${deploy.sha}', { ...VARIABLES, sha: null }), { missing: 'deploy.sha' });
});

test('what a variable holds is not filled in again', () => {
  deepEqual(substitute('${env.HOST}', VARIABLES), { value: '${env.TOKEN}' });
});

test('texts are filled in wherever they stand, and keys, numbers and everything else stay as they are', () => {
  const value = { '${env.TOKEN}': ['${env.TOKEN}', 1, true, null, { deep: '${deploy.sha}' }], __proto__: 'x' };
  deepEqual(substitute(value, VARIABLES), { value: { '${env.TOKEN}': ['a', 1, true, null, { deep: 'f00' }] } });
});

test('a value without a form comes back as it was', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const plain = JSON.parse(JSON.stringify(value).replaceAll('$', '')) as typeof value;
      deepEqual(substitute(plain as never, VARIABLES), { value: plain });
    }),
  );
});

test('names and unknown forms are told apart, and what is escaped is neither', () => {
  deepEqual(formsIn('${env.A} $${env.B} ${deploy.sha} ${deploy.tag} ${capture.c-d} ${ env.A } ${env.1} ${'), {
    names: ['env.A', 'deploy.sha', 'capture.c-d'],
    unknown: ['${deploy.tag}', '${ env.A }', '${env.1}', '${'],
  });
});

test('variables of a value are named once each', () => {
  deepEqual(envNamesIn({ a: ['${env.A}${env.B}', '${env.A}'], b: '${capture.C}', '${env.KEY}': 1 }), ['A', 'B']);
  equal(envNamesIn(null).length, 0);
});
