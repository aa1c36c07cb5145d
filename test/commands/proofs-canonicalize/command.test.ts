import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import command from '../../../src/commands/proofs-canonicalize/command.ts';
import { sha256Of } from '../../../src/proof/digest.ts';
import { contextFor, temporaryFolder } from '../../fakes/context.ts';
import { sophia, sophiaJson } from '../../journeys/sophia.ts';

test('stdout has the canonical bytes and nothing else; with --json they are in the document', (t) => {
  const cwd = temporaryFolder(t);
  writeFileSync(`${cwd}/data.json`, '{"b" : "**x** `y`",\n"a": [1.0]}\n');
  const expected = '{"a":[1],"b":"**x** `y`"}';
  assert.deepEqual(sophia({ cwd }, 'proofs', 'canonicalize', 'data.json'), { exitCode: 0, stdout: expected, stderr: '' });
  assert.equal(
    sophia({ cwd }, 'proofs', 'canonicalize', '--proof', 'data.json').stdout,
    '{\n  "a": [\n    1\n  ],\n  "b": "**x** `y`"\n}\n',
  );
  const { document, exitCode } = sophiaJson({ cwd }, 'proofs', 'canonicalize', 'data.json');
  assert.equal(exitCode, 0);
  assert.deepEqual(document.data, { canonical: expected, sha256: sha256Of(expected), sizeBytes: expected.length });
});

test('what is refused leaves stdout empty, says where, and exits 2', (t) => {
  const cwd = temporaryFolder(t);
  writeFileSync(`${cwd}/twice.json`, '{"a":1,"a":2}');
  const ended = sophia({ cwd }, 'proofs', 'canonicalize', 'twice.json');
  assert.deepEqual([ended.exitCode, ended.stdout], [2, '']);
  assert.match(ended.stderr, /twice\.json: line 1, column 8: the key "a" is there twice \[JSON_REFUSED\]/);
});

test('only plain files of a sensible size are read', (t) => {
  const context = contextFor(t);
  mkdirSync(`${context.directory}/folder`);
  execFileSync('mkfifo', [`${context.directory}/pipe`]);
  writeFileSync(`${context.directory}/huge.json`, '');
  truncateSync(`${context.directory}/huge.json`, 300 * 1024 * 1024);
  for (const file of ['folder', 'pipe', 'huge.json', 'missing.json', '/dev/zero', 'a\0b'])
    assert.throws(() => command.run(context, { file, proof: false }), { code: 'INPUT_UNREADABLE' }, file);
});
