// What a new unit starts from: the smallest thing of its shape that is true, typed and tested. Formatted as the formatter would.
import { toSlug } from '../command.ts';

/** Repository-relative paths and their text. */
export type Template = (name: string) => readonly (readonly [string, string])[];

export const commandTemplate: Template = (name) => {
  const folder = toSlug(name);
  return [
    [
      `src/commands/${folder}/command.ts`,
      `import { defineCommand } from '../../command.ts';
import { table } from '../../markdown.ts';
import { outcome, type Finding } from '../../outcome.ts';

export default defineCommand({
  name: '${name}',
  summary: 'Say in one sentence what ${name} does',
  options: {
    target: { type: 'list', positional: true, help: 'What to look at' },
  },
  examples: [{ command: 'sophia ${name} this that', does: 'Look at two targets' }],
  dataSchema: {
    type: 'object',
    required: ['targets'],
    additionalProperties: false,
    properties: { targets: { type: 'array', items: { type: 'string' } } },
  },
  // Ask first, judge after: judging is pure, so it is tested without a network. No target, no finding: the result is UNKNOWN.
  run: (_context, { target }) => Promise.resolve(outcome(target.map(judge), { targets: target })),
  view: ({ findings }) =>
    table(
      ['target', 'verdict', 'reason'],
      findings.map(({ target, verdict, reason }) => [target, verdict, reason]),
    ),
});

function judge(target: string): Finding {
  return { check: '${folder}', target, verdict: 'pass', reason: 'was looked at' };
}
`,
    ],
    [
      `test/commands/${folder}/command.test.ts`,
      `import { deepEqual, match } from 'node:assert/strict';
import { test } from 'node:test';
import command from '../../../src/commands/${folder}/command.ts';
import { contextFor } from '../../fakes/context.ts';

test('every target gets a finding', async (t) => {
  const { findings, data } = await command.run(contextFor(t), { target: ['a', 'b'] });
  deepEqual(
    findings.map(({ target, verdict }) => [target, verdict]),
    [
      ['a', 'pass'],
      ['b', 'pass'],
    ],
  );
  deepEqual(data, { targets: ['a', 'b'] });
});

test('the view names each target', async (t) => {
  const outcome = await command.run(contextFor(t), { target: ['a'] });
  match(command.view(outcome), /\\| a \\| pass \\|/);
});
`,
    ],
  ];
};

export const checkTemplate: Template = (name) => {
  const key = name.replaceAll('-', '_');
  return [
    [
      `src/checks/kinds/${name}.ts`,
      `// What this asks, and what is thought of the answer: \`- {id: its-name, ${key}: /path}\`.
import { described, text } from '../../shape.ts';
import { toGet } from '../builtin/ground.ts';
import { misfit } from '../fitting.ts';
import type { Judgement } from '../inquiry.ts';
import { defineKind } from './kind.ts';

const path = text({ pattern: '/[^\\\\s#]*', what: 'a path that begins with /' });

export default defineKind({
  name: '${name}',
  summary: 'Say in one sentence what ${name} looks at',
  // An entry of \`checks:\` is of this kind when it has this key.
  keys: ['${key}'],
  fields: { ${key}: described(path, 'Say what stands under this key') },
  meaning: (_entry, { hasUrl }, report) => {
    if (!hasUrl) report('/${key}', 'needs the url of its service, and there is none');
  },
  inquire: ({ ${key}: asked }, { service, defaults, fileText }) => {
    const { url, tls } = service;
    if (typeof asked !== 'string' || url === null) return misfit('\`${key}\` is no path');
    const question = toGet({ url, defaults, ca: tls.ca === null ? null : fileText(tls.ca) }, asked, '*/*');
    // What kept an answer from coming is not seen here: that is judged once for all kinds.
    return { asks: [{ question, judge: ({ http }) => [judge(http?.status ?? null)] }] };
  },
});

/** An answer in, a judgement out: no clock, no network, nothing to wait for. */
function judge(status: number | null): Judgement {
  if (status === null) return { verdict: 'unknown', code: 'HTTP_PROTOCOL', reason: 'no answer over HTTP came' };
  if (status === 200) return { verdict: 'pass', reason: 'HTTP 200' };
  return { verdict: 'fail', code: 'HTTP_STATUS', reason: \`HTTP \${status}\`, expected: 200, observed: status };
}
`,
    ],
    [
      `test/checks/kinds/${name}.test.ts`,
      `import { deepEqual } from 'node:assert/strict';
import { test } from 'node:test';
import kind from '../../../src/checks/kinds/${name}.ts';
import { describeKind, inquiryOf } from '../../contracts/check-kind.ts';
import { reply } from '../answers.ts';

const entry = { ${key}: '/here' };

// What every kind must do. An answer with which nothing is wrong, for each ask.
describeKind(kind, [{ entry, healthy: [reply('ok')] }]);

for (const [status, verdict] of [
  [200, 'pass'],
  [404, 'fail'],
] as const) {
  test(\`an answer of \${status} is \${verdict}\`, async () => {
    const { asks } = await inquiryOf(kind, entry);
    deepEqual(
      asks.flatMap(({ judge }) => judge(reply('ok', status))).map((judgement) => judgement.verdict),
      [verdict],
    );
  });
}
`,
    ],
  ];
};

export const serviceTemplate: Template = (name) => {
  const type = toPascal(name);
  const value = `${toCamel(name)}Service`;
  return [
    [
      `src/services/${name}.ts`,
      `// A read-only service: it has reads and nothing else, so there is nothing that could write.

export interface ${type}Item {
  readonly id: string;
}

/** Where the reads come from: the client of a provider, or a fake. */
export interface ${type}Source {
  list(limit: number): Promise<readonly ${type}Item[]>;
}

export const ${value} = {
  name: '${name}',
  reads: {
    items: async (source: ${type}Source, limit: number) => ({ items: await source.list(limit), limit }),
  },
};
`,
    ],
    [
      `test/services/${name}.test.ts`,
      `import { deepEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { ${value} } from '../../src/services/${name}.ts';

test('items come from the source, as many as were asked for', async () => {
  const source = { list: (limit: number) => Promise.resolve([{ id: 'a' }, { id: 'b' }].slice(0, limit)) };
  deepEqual(await ${value}.reads.items(source, 1), { items: [{ id: 'a' }], limit: 1 });
});
`,
    ],
  ];
};

export const providerTemplate: Template = (name) => {
  const type = toPascal(name);
  return [
    [
      `src/providers/${name}/records.ts`,
      `// The data of the business, in our words. What comes from outside is looked at before it is believed.

export interface ${type}Record {
  readonly id: string;
  readonly name: string;
}

/** Null for what has not the form of a record. */
export function to${type}Record(foreign: unknown): ${type}Record | null {
  if (typeof foreign !== 'object' || foreign === null || !('id' in foreign) || !('name' in foreign)) return null;
  const { id, name } = foreign;
  return typeof id === 'string' && typeof name === 'string' ? { id, name } : null;
}
`,
    ],
    [
      `src/providers/${name}/port.ts`,
      `// What the rest of the house may ask of this business. Tests answer it with a fake.
import type { ${type}Record } from './records.ts';

export interface ${type}Page {
  readonly records: readonly ${type}Record[];
  /** How many were answered that have not the form of a record: never dropped in silence. */
  readonly refused: number;
}

export interface ${type}Provider {
  list(): Promise<${type}Page>;
}
`,
    ],
    [
      `src/providers/${name}/client.ts`,
      `// The real one. If the business has an SDK, this is the only file that imports it, and lazily.
import type { Http } from '../../context.ts';
import type { ${type}Page, ${type}Provider } from './port.ts';
import { to${type}Record } from './records.ts';

export function create${type}Client(http: Http, url: string): ${type}Provider {
  return { list: async () => toPage(await ask(http, url)) };
}

async function ask(http: Http, url: string): Promise<readonly unknown[]> {
  const { body } = await http.request({ method: 'GET', url });
  const answered: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
  return Array.isArray(answered) ? (answered as readonly unknown[]) : [answered];
}

function toPage(answered: readonly unknown[]): ${type}Page {
  const records = answered.map(to${type}Record).filter((record) => record !== null);
  return { records, refused: answered.length - records.length };
}
`,
    ],
    [
      `test/providers/${name}/client.test.ts`,
      `import { deepEqual } from 'node:assert/strict';
import { test } from 'node:test';
import type { Http } from '../../../src/context.ts';
import { create${type}Client } from '../../../src/providers/${name}/client.ts';

test('what has not the form of a record is counted, not dropped', async () => {
  const body = Buffer.from(JSON.stringify([{ id: '1', name: 'a' }, { id: 2 }]));
  const http: Http = { request: () => Promise.resolve({ status: 200, headers: {}, body }) };
  const page = await create${type}Client(http, 'http://127.0.0.1').list();
  deepEqual(page, { records: [{ id: '1', name: 'a' }], refused: 1 });
});
`,
    ],
  ];
};

export const engineTemplate: Template = (name) => {
  const type = toPascal(name);
  return [
    [
      `src/builder/engines/${name}.ts`,
      `// An engine turns a change request into edits. It only proposes: the gate decides, and publishing is somebody else's.

export interface Asked {
  readonly request: string;
  /** Repository-relative paths that may be changed, and their text. */
  readonly files: ReadonlyMap<string, string>;
}

export interface Proposed {
  /** New texts of changed files; empty when there was nothing to propose, never a comment for show. */
  readonly edits: ReadonlyMap<string, string>;
  readonly reason: string;
}

/** Understands \`replace OLD by NEW\`. */
export function propose${type}({ request, files }: Asked): Proposed {
  const [, before, after] = /^replace (\\S+) by (\\S+)$/.exec(request) ?? [];
  if (before === undefined || after === undefined) return { edits: new Map(), reason: 'the request is not understood' };
  const changed = [...files].filter(([, text]) => text.includes(before));
  const edits = new Map(changed.map(([file, text]) => [file, text.replaceAll(before, () => after)]));
  return { edits, reason: \`\${before} occurs in \${changed.length} of \${files.size} files\` };
}
`,
    ],
    [
      `test/builder/engines/${name}.test.ts`,
      `import { deepEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { propose${type} } from '../../../src/builder/engines/${name}.ts';

const files = new Map([
  ['a.txt', 'one two'],
  ['b.txt', 'three'],
]);

test('only files that the request touches are edited', () => {
  deepEqual([...propose${type}({ request: 'replace two by 2', files }).edits], [['a.txt', 'one 2']]);
});

test('a request that is not understood changes nothing', () => {
  deepEqual([...propose${type}({ request: 'make it better', files }).edits], []);
});
`,
    ],
  ];
};

export const languageTemplate: Template = (name) => {
  const type = toPascal(name);
  return [
    [
      `src/index/languages/${name}.ts`,
      `// Start here: which words define something, and what may hold such words without defining anything.
import type { CodeSymbol, Language, Scan } from './language.ts';

export default {
  name: '${name}',
  extensions: ['.${name}'],
  scan: scan${type},
} satisfies Language;

/** \`def NAME\` at the start of a line is a function of one line. */
function scan${type}(source: Uint8Array): Scan {
  const lines = Buffer.from(source).toString('utf8').split('\\n');
  return { symbols: lines.flatMap(toSymbols), imports: [] };
}

function toSymbols(text: string, index: number): readonly CodeSymbol[] {
  const name = /^def ([A-Za-z_]\\w*)/.exec(text)?.[1];
  if (name === undefined) return [];
  const line = index + 1;
  const signature = text.slice(0, 200).trim();
  return [{ name, kind: 'function', container: null, line, endLine: line, signature, exported: true }];
}
`,
    ],
    [`test/index/languages/fixtures/${name}.${name}`, '# def not_this\ndef first\n  def nor_this\ndef second(a, b)\n'],
    [
      `test/index/languages/${name}.test.ts`,
      `import language from '../../../src/index/languages/${name}.ts';
import { describeLanguage } from './contract.ts';

describeLanguage(language, '${name}.${name}', {
  symbols: [
    ['first', 'function', null, 2, 2, true],
    ['second', 'function', null, 4, 4, true],
  ],
});
`,
    ],
  ];
};

function toPascal(name: string): string {
  return name.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function toCamel(name: string): string {
  return name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
