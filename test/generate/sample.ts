// Definitions with one of everything that a generator has to tell apart.
import { defineCommand } from '../../src/command.ts';
import type { Source, Unit } from '../../src/generate/source.ts';
import { outcome } from '../../src/outcome.ts';
import { proofsSection } from '../../src/proof/section.ts';

const everything = defineCommand({
  name: 'proofs try-out',
  summary: "Try what's possible: every kind of option",
  kind: 'tryout',
  options: {
    place: { type: 'path', positional: true, required: true, help: 'Where to look' },
    others: { type: 'list', positional: true, help: 'Where else to look' },
    text: { type: 'string', help: 'Any text' },
    mode: { type: 'string', choices: ['fast', 'slow'], default: 'fast', help: 'How to go about it' },
    isLoud: { type: 'boolean', help: 'Say more' },
    times: { type: 'integer', min: 1, default: 3, help: 'How often' },
    share: { type: 'number', help: 'How much of it' },
    timeout: { type: 'duration', default: '10s', help: 'Give up after this long' },
    maxFileSize: { type: 'size', default: '1MiB', help: 'Leave larger files out' },
    include: { type: 'list', help: 'Only these' },
    file: { type: 'path', env: 'TRYOUT_FILE', help: 'A file' },
  },
  examples: [{ command: 'sophia proofs try-out .', does: 'Try it' }],
  permissions: [
    { scope: 'contents', level: 'write', reason: 'to commit the proof' },
    { scope: 'issues', level: 'read', reason: 'to read the request' },
  ],
  outputs: { found: { from: 'found', help: 'How many there are' } },
  secrets: { NOTION_API_KEY: 'Reads the database' },
  dataSchema: { type: 'object', properties: { found: { type: 'integer' } } },
  run: () => Promise.resolve(outcome([], { found: 1 })),
  view: () => '',
});

const desk = defineCommand({
  name: 'ask',
  summary: 'Ask a person',
  group: 'desk',
  action: { none: 'there is nobody to answer' },
  options: {},
  examples: [{ command: 'sophia ask', does: 'Ask' }],
  dataSchema: { type: 'object' },
  run: () => Promise.resolve(outcome([], {})),
  view: () => '',
});

const main = defineCommand({ ...desk, name: 'zeal', group: 'main' });

export const everythingUnit: Unit = { folder: 'proofs-try-out', command: everything };
export const deskUnit: Unit = { folder: 'ask', command: desk };

export const sample: Source = {
  units: [deskUnit, everythingUnit, { folder: 'zeal', command: main }],
  sections: [{ file: 'src/proof/section.ts', section: proofsSection }],
  unitModules: new Map([
    ['src/index/languages', ['go', 'objective-c']],
    ['src/proof/audit-rules', ['empty-file']],
    ['src/checks/kinds', ['tcp']],
    ['src/operations/evidence', ['fly']],
  ]),
  nodeRange: '^22.22.2 || >=26.0.0',
  repository: null,
  documents: new Map([
    ['README.md', '# Title\n\n<!-- generated:commands -->\nold\n<!-- /generated:commands -->\n\nEnd.\n'],
    ['docs/plain.md', 'Nothing is generated here.\n'],
  ]),
};
