import { deepEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { sectionManualOf } from '../../src/generate/configuration.ts';
import { defineSection, defineValue } from '../../src/section.ts';
import { described, either, integer, listOf, literal, mapOf, object, oneOf, text, variants } from '../../src/shape.ts';

function rowsOf(manual: string): readonly string[] {
  return manual.split('\n').filter((line) => line.startsWith('| `'));
}

test('each key of a section has a row, with what it is for and what holds without it', () => {
  const section = defineSection({
    name: 'sample',
    summary: 'What is shown',
    fields: {
      after: described(integer(1), 'How many', 2),
      words: described(listOf(text()), 'Which words', ['a', 'b']),
      mode: described(oneOf(['fast', 7]), 'How.', 'fast'),
      inner: object({ needed: described(text(), 'What is needed') }, { more: described(text(), 'What is not') }),
    },
  });
  deepEqual(rowsOf(sectionManualOf(section)), [
    '| `after` | How many | `2` |',
    '| `words` | Which words | `[a, b]` |',
    '| `mode` | How: `fast`, `7` | `fast` |',
    '| `inner` |  |  |',
    '| `inner.needed` | What is needed | needed |',
    '| `inner.more` | What is not |  |',
  ]);
});

test('forms that a key can have are one row, and lists and mappings show what they hold', () => {
  const kinds = variants('kind', {
    fly: object({ kind: literal('fly'), app: described(text(), 'App') }),
    kube: object({ kind: literal('kube') }, { name: described(text(), 'Name') }),
  });
  const section = defineValue({
    name: 'sample',
    summary: 'What is shown',
    shape: mapOf({ pattern: '[a-z]+', what: 'a to z' }, described(object({}, { all: described(listOf(kinds), 'All') }), 'One of them')),
    absent: {},
  });
  deepEqual(rowsOf(sectionManualOf(section)), [
    '| `<name>` | One of them |  |',
    '| `<name>.all` | All |  |',
    '| `<name>.all[].kind` | `fly`, `kube` | needed |',
    '| `<name>.all[].app` | App | needed |',
    '| `<name>.all[].name` | Name |  |',
  ]);
});

test('a section that is one value has one row', () => {
  const shape = either(literal(1), literal('one'), 'one');
  const section = defineValue({ name: 'version', summary: 'Of this file', shape: described(shape, 'Which'), absent: 1 });
  deepEqual(rowsOf(sectionManualOf(section)), ['| `version` | Which |  |']);
});
