// What a careless or a clever change might look like. Each must be reported with its rule's sentence: that is the proof that a rule bites.
export interface Mutation {
  readonly rule: string;
  /** A file added to a virtual copy of the tree, or put in the place of one. */
  readonly path: string;
  readonly text: string;
}

export const MUTATIONS: readonly Mutation[] = [
  { rule: 'main-only-wires', path: 'src/main.ts', text: `import command from './commands/index/command.ts'; command;` },
  { rule: 'main-only-wires', path: 'src/main.ts', text: `await import('./index/ranking.ts');` },
  {
    rule: 'contracts-stand-alone',
    path: 'src/outcome.ts',
    text: `import type { Seal } from './proof/statement.ts'; export type X = Seal;`,
  },
  { rule: 'contracts-stand-alone', path: 'src/command.ts', text: `export { runCli } from './faces/cli.ts';` },
  { rule: 'faces-know-no-command', path: 'src/faces/cli.ts', text: `export const load = () => import('../commands/index/command.ts');` },
  { rule: 'faces-know-no-command', path: 'src/faces/perform.ts', text: `import { files } from '../platform/files.ts'; files;` },
  { rule: 'a-command-knows-no-other', path: 'src/commands/intruder/command.ts', text: `import other from '../index/command.ts'; other;` },
  {
    rule: 'a-command-knows-no-other',
    path: 'src/commands/intruder/command.ts',
    text: `import type { Terminal } from '../../faces/cli.ts'; export type T = Terminal;`,
  },
  {
    rule: 'a-command-knows-no-other',
    path: 'src/commands/intruder/command.ts',
    text: `export type T = import('../index/command.ts').Data;`,
  },
  {
    rule: 'the-registry-is-for-main',
    path: 'src/commands/intruder/command.ts',
    text: `const { registry } = await import('../registry.generated.ts'); registry;`,
  },
  { rule: 'the-registry-is-for-main', path: 'src/index/intruder.ts', text: `export * from '../commands/registry.generated.ts';` },
  { rule: 'the-index-knows-no-cli', path: 'src/index/intruder.ts', text: `import { runCli } from '../faces/cli.ts'; runCli;` },
  {
    rule: 'the-index-knows-no-cli',
    path: 'src/index/intruder.ts',
    text: `import { recordRun } from '../proof/recording/record.ts'; recordRun;`,
  },
  {
    rule: 'domain-rooms-stand-on-contracts',
    path: 'src/proof/intruder.ts',
    text: `import type { Scan } from '../index/languages/language.ts'; export type S = Scan;`,
  },
  {
    rule: 'checks-know-metrics',
    path: 'src/checks/intruder.ts',
    text: `import { readHistory } from '../operations/history.ts'; readHistory;`,
  },
  {
    rule: 'operations-bring-rooms-together',
    path: 'src/operations/intruder.ts',
    text: `import { buildIndex } from '../index/indexer.ts'; buildIndex;`,
  },
  {
    rule: 'services-read-through-ports',
    path: 'src/services/slack.ts',
    text: `import { client } from '../providers/slack/client.ts'; client;`,
  },
  {
    rule: 'a-provider-is-one-business',
    path: 'src/providers/slack/client.ts',
    text: `import { query } from '../salesforce/client.ts'; query;`,
  },
  {
    rule: 'platform-implements-contracts',
    path: 'src/platform/intruder.ts',
    text: `import { tokenise } from '../index/tokens.ts'; tokenise;`,
  },
  { rule: 'generators-read-definitions', path: 'src/generate/intruder.ts', text: `import { runCli } from '../faces/cli.ts'; runCli;` },
  { rule: 'nobody-imports-an-entry', path: 'src/faces/perform.ts', text: `import '../main.ts';` },
  { rule: 'nobody-imports-an-entry', path: 'test/intruder.test.ts', text: `await import('../src/main.ts');` },
  {
    rule: 'the-product-stands-without-its-tests',
    path: 'src/index/intruder.ts',
    text: `import { fake } from '../../test/fakes/context.ts'; fake;`,
  },

  { rule: 'the-cli-face-stands-alone', path: 'src/faces/cli.ts', text: `export const act = () => import('./action.ts');` },
  {
    rule: 'the-action-face-stands-alone',
    path: 'src/faces/action.ts',
    text: `import { renderMarkdown } from './terminal.ts'; renderMarkdown;`,
  },
  { rule: 'the-http-face-stands-alone', path: 'src/faces/http.ts', text: `import { runCli } from './cli.ts'; runCli;` },
  { rule: 'the-mcp-face-stands-alone', path: 'src/faces/mcp/tools.ts', text: `import { serve } from '../http.ts'; serve;` },

  { rule: 'commander-has-an-owner', path: 'src/commands/intruder/command.ts', text: `import { Command } from 'commander'; new Command();` },
  {
    rule: 'commander-has-an-owner',
    path: 'src/faces/config.ts',
    text: `import type { Command } from 'commander'; export type C = Command;`,
  },
  { rule: 'chalk-has-an-owner', path: 'src/markdown.ts', text: `import chalk from 'chalk'; chalk.red;` },
  { rule: '@actions/core-has-an-owner', path: 'src/faces/cli.ts', text: `await import('@actions/core');` },
  { rule: 'execa-has-an-owner', path: 'src/index/intruder.ts', text: `import { execa } from 'execa'; execa;` },
  { rule: 'undici-has-an-owner', path: 'src/checks/health.ts', text: `import { request } from 'undici'; request;` },
  { rule: '@vscode/ripgrep-has-an-owner', path: 'src/index/intruder.ts', text: `import { rgPath } from '@vscode/ripgrep'; rgPath;` },
  {
    rule: 'ripgrep-js-has-an-owner',
    path: 'src/commands/intruder/command.ts',
    text: `import type { Options } from 'ripgrep-js'; export type O = Options;`,
  },
  { rule: '@sigstore/sign-has-an-owner', path: 'src/proof/intruder.ts', text: `import sigstore from '@sigstore/sign'; sigstore;` },
  { rule: '@sigstore/verify-has-an-owner', path: 'src/proof/intruder.ts', text: `import sigstore from '@sigstore/verify'; sigstore;` },
  { rule: '@sigstore/bundle-has-an-owner', path: 'src/proof/intruder.ts', text: `import sigstore from '@sigstore/bundle'; sigstore;` },
  {
    rule: '@sigstore/protobuf-specs-has-an-owner',
    path: 'src/proof/intruder.ts',
    text: `import sigstore from '@sigstore/protobuf-specs'; sigstore;`,
  },
  { rule: 'web-tree-sitter-has-an-owner', path: 'src/proof/intruder.ts', text: `import { Parser } from 'web-tree-sitter'; Parser;` },
  {
    rule: '@vscode/tree-sitter-wasm-has-an-owner',
    path: 'src/platform/intruder.ts',
    text: `import.meta.resolve('@vscode/tree-sitter-wasm/wasm/tree-sitter-powershell.wasm');`,
  },
  { rule: 'simple-git-has-an-owner', path: 'src/index/intruder.ts', text: `import { simpleGit } from 'simple-git'; simpleGit;` },
  { rule: '@actions/github-has-an-owner', path: 'src/faces/action.ts', text: `import * as github from '@actions/github'; github;` },
  { rule: '@notionhq/client-has-an-owner', path: 'src/services/notion.ts', text: `import { Client } from '@notionhq/client'; Client;` },
  {
    rule: 'jsforce-has-an-owner',
    path: 'src/providers/salesforce/port.ts',
    text: `import type { Connection } from 'jsforce'; export type C = Connection;`,
  },
  { rule: '@slack/web-api-has-an-owner', path: 'src/services/slack.ts', text: `import('@slack/web-api');` },
  { rule: 'every-package-has-an-owner', path: 'src/platform/intruder.ts', text: `import leftPad from 'left-pad'; leftPad;` },
  { rule: 'every-package-has-an-owner', path: 'src/index/intruder.ts', text: `import { Table } from '@scope/unknown/deep.js'; Table;` },
  { rule: 'ripgrep-js-is-types-only', path: 'src/platform/ripgrep.ts', text: `import { ripGrep } from 'ripgrep-js'; ripGrep;` },
  { rule: 'ripgrep-js-is-types-only', path: 'src/platform/ripgrep.ts', text: `const { ripGrep } = await import('ripgrep-js'); ripGrep;` },
  { rule: 'an-import-says-what-it-loads', path: 'src/index/intruder.ts', text: `export const load = (name: string) => import(name);` },
  {
    rule: 'an-import-says-what-it-loads',
    path: 'src/faces/cli.ts',
    text: 'export const load = (name: string) => import(`../commands/${name}/command.ts`);',
  },

  {
    rule: 'only-platform-touches-the-machine',
    path: 'src/index/intruder.ts',
    text: `import { readFileSync } from 'node:fs'; readFileSync('/');`,
  },
  {
    rule: 'only-platform-touches-the-machine',
    path: 'src/commands/intruder/command.ts',
    text: `const { spawn } = await import('node:child_process'); spawn;`,
  },
  { rule: 'only-platform-touches-the-machine', path: 'src/proof/intruder.ts', text: `export { readFile } from 'node:fs/promises';` },
  {
    rule: 'only-platform-touches-the-machine',
    path: 'src/index/intruder.ts',
    text: `import type { DatabaseSync } from 'node:sqlite'; export type D = DatabaseSync;`,
  },
  { rule: 'only-platform-touches-the-machine', path: 'src/faces/intruder.ts', text: `process.getBuiltinModule('node:fs');` },
  { rule: 'only-platform-touches-the-machine', path: 'src/services/slack.ts', text: `import http from 'node:http'; http;` },
  {
    rule: 'only-platform-touches-the-machine',
    path: 'src/index/intruder.ts',
    text: `import { parentPort } from 'node:worker_threads'; parentPort;`,
  },
  {
    rule: 'chance-comes-from-the-machine-port',
    path: 'src/proof/intruder.ts',
    text: `import { createHash, randomBytes as dice } from 'node:crypto'; createHash; dice;`,
  },
  {
    rule: 'chance-comes-from-the-machine-port',
    path: 'src/proof/intruder.ts',
    text: `import crypto from 'node:crypto'; crypto.randomUUID();`,
  },
  { rule: 'time-and-chance-come-from-the-context', path: 'src/proof/intruder.ts', text: `export const id = () => Date.now();` },
  {
    rule: 'time-and-chance-come-from-the-context',
    path: 'src/proof/intruder.ts',
    text: `export const at = () => new Date().toISOString();`,
  },
  { rule: 'time-and-chance-come-from-the-context', path: 'src/proof/intruder.ts', text: `export const at = () => new Date;` },
  { rule: 'time-and-chance-come-from-the-context', path: 'src/proof/intruder.ts', text: `const { now } = Date; now();` },
  { rule: 'time-and-chance-come-from-the-context', path: 'src/index/intruder.ts', text: `Math['random']();` },
  { rule: 'time-and-chance-come-from-the-context', path: 'src/index/intruder.ts', text: `const dice = Math; dice.random();` },
  { rule: 'time-and-chance-come-from-the-context', path: 'src/commands/intruder/command.ts', text: `setTimeout(() => {}, 10);` },
  {
    rule: 'time-and-chance-come-from-the-context',
    path: 'src/commands/intruder/command.ts',
    text: `const later = setTimeout; later(() => {});`,
  },
  { rule: 'time-and-chance-come-from-the-context', path: 'src/metrics/clock.ts', text: `export const ms = () => performance.now();` },
  { rule: 'the-process-belongs-to-main', path: 'src/commands/intruder/command.ts', text: `process.exit(1);` },
  { rule: 'the-process-belongs-to-main', path: 'src/index/intruder.ts', text: `export const home = process?.env['HOME'];` },
  { rule: 'the-process-belongs-to-main', path: 'src/index/intruder.ts', text: `export const bag = { process };` },
  { rule: 'the-process-belongs-to-main', path: 'src/checks/health.ts', text: `await fetch('http://127.0.0.1/');` },
  { rule: 'the-process-belongs-to-main', path: 'src/index/intruder.ts', text: `globalThis['process'].exit();` },
  { rule: 'no-command-prints', path: 'src/commands/intruder/command.ts', text: `console.log('found');` },
  { rule: 'no-command-prints', path: 'src/index/intruder.ts', text: `process.stdout.write('found');` },
  { rule: 'no-command-prints', path: 'src/proof/intruder.ts', text: `const { log } = console; log('found');` },

  {
    rule: 'a-check-is-pure',
    path: 'src/checks/health.ts',
    text: `import type { Context } from '../context.ts'; export const check = (context: Context) => context.clock.sleep(1);`,
  },
  {
    rule: 'a-service-cannot-write',
    path: 'src/services/slack.ts',
    text: `export const read = (context: Context) => context.files.replace('a', 'b');`,
  },
  {
    rule: 'a-service-cannot-write',
    path: 'src/services/slack.ts',
    text: `export const read = ({ exec: { run } }: Context) => run('rm', []);`,
  },
  {
    rule: 'a-service-cannot-write',
    path: 'src/services/slack.ts',
    text: `export function read(context: Context) { const { remove } = context.files; remove('a'); }`,
  },
  {
    rule: 'a-proof-is-never-edited',
    path: 'src/proof/intruder.ts',
    text: `export const mend = (context: Context) => context.files.replace('proofs/a.json', '{}');`,
  },
  {
    rule: 'a-proof-is-never-edited',
    path: 'src/proof/intruder.ts',
    text: `export const mend = ({ files }: Context) => files['remove']('proofs/a.json');`,
  },
  {
    rule: 'only-proof-writes-proofs',
    path: 'src/commands/intruder/command.ts',
    text: `import { writeProof } from '../../proof/recording/write.ts'; writeProof;`,
  },
  {
    rule: 'only-proof-writes-proofs',
    path: 'src/commands/intruder/command.ts',
    text: `const { recordRun } = await import('../../proof/recording/record.ts'); recordRun;`,
  },
  { rule: 'the-start-is-light', path: 'src/faces/options.ts', text: `import { z } from 'zod'; export const { string } = z;` },
  {
    rule: 'the-start-is-light',
    path: 'src/faces/cli.ts',
    text: `import { Command } from 'commander'; new Command();`,
  },
  { rule: 'the-start-is-light', path: 'src/faces/terminal.ts', text: `import { Chalk } from 'chalk'; Chalk;` },
  { rule: 'the-start-is-light', path: 'src/main.ts', text: `import { createContext } from './platform/context.ts'; createContext;` },
  {
    rule: 'the-start-is-light',
    path: 'src/commands/registry.generated.ts',
    text: `import index from './index/command.ts'; export const registry = [index];`,
  },
  { rule: 'no-cycles', path: 'src/faces/terminal.ts', text: `import { runCli } from './cli.ts'; runCli;` },
  { rule: 'no-cycles', path: 'src/outcome.ts', text: `import './outcome.ts';` },
];

/** What looks like a breach and is none: the words of the rules in strings, comments, property names and locals. */
export const INNOCENT: readonly Omit<Mutation, 'rule'>[] = [
  {
    path: 'src/index/innocent.ts',
    text: `// import 'node:fs'; process.exit(); Date.now()\nexport const text = "import('node:fs'); process.exit(); new Date()";`,
  },
  { path: 'src/index/innocent.ts', text: `export const row = { process: 1, console: 2, fetch: 3 }; row.process + row.fetch;` },
  {
    path: 'src/index/innocent.ts',
    text: `export function run(process: () => void, performance: number) { process(); return performance; }`,
  },
  {
    path: 'src/index/innocent.ts',
    text: `export const day = (ms: number) => new Date(ms).toISOString(); Date.parse('2026-01-01'); Math.max(1, 2);`,
  },
  {
    path: 'src/index/innocent.ts',
    text: `export type Out = typeof process.stdout; export type When = Date; export type Run = NodeJS.Process;`,
  },
  {
    path: 'src/index/innocent.ts',
    text: `import { createHash } from 'node:crypto'; import path from 'node:path'; export const id = createHash('sha1'); path.join('a');`,
  },
  {
    path: 'src/commands/innocent/command.ts',
    text: `import type { Context } from '../../context.ts'; export const run = (context: Context) => context.clock.now();`,
  },
  {
    path: 'src/commands/innocent/command.ts',
    text: `import { part } from './part.ts'; export const load = () => import('../../index/tokens.ts'); part;`,
  },
];
