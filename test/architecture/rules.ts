// The architecture, as rules a program can check. Each has the sentence that is printed when it is broken.
// Where things stand: docs/architecture.md. What proves that each rule bites: mutations.ts.
//
// Patterns: `*` within a folder, `**` across folders, `{a,b}` either; `{own}` is the module's own room
// (`src/proof`, `src/commands/index`). A package or builtin is matched by its name: `chalk`, `node:fs`.
import type { Import } from './inspect.ts';

interface Named {
  readonly name: string;
  /** What the one who broke it should know. */
  readonly teaches: string;
}

/** What modules may name in an import: static, dynamic and type alike unless `kinds` says otherwise. */
export interface ImportRule extends Named {
  readonly from: readonly string[];
  readonly except?: readonly string[];
  /** Of the tree's own modules, these and no others. */
  readonly only?: readonly string[];
  /** Neither these modules, packages and builtins; `*` is all. */
  readonly never?: readonly string[];
  readonly allow?: readonly string[];
  /** With `never`: only when one of these is taken by name. */
  readonly names?: readonly string[];
  readonly kinds?: readonly Import['kind'][];
}

/** Globals and members of ports. `process` is any use, `Date.now` that one, `=Date` the object itself. */
export interface UseRule extends Named {
  readonly from: readonly string[];
  readonly except?: readonly string[];
  readonly uses: readonly string[];
}

/** What is loaded before anything was asked for: the static imports of a module, and theirs. */
export interface ClosureRule extends Named {
  readonly start: string;
  readonly never: readonly string[];
  readonly allow: readonly string[];
}

export interface CycleRule extends Named {
  readonly acyclic: readonly string[];
}

export type Rule = ImportRule | UseRule | ClosureRule | CycleRule;

const ROOT_CONTRACTS = 'src/*.ts';
const DOMAIN = 'src/{index,checks,metrics,operations,proof,secrets,builder,dashboard,services}/**';
const ENTRIES = ['src/main.ts', 'src/thread.ts'];
const OUTSIDE_MACHINE = ['src/platform/**', 'src/generate/**', ...ENTRIES];

/** Builtins that compute and touch nothing. All others are the machine. */
const PURE_BUILTINS = [
  'node:assert',
  'node:buffer',
  'node:crypto',
  'node:path',
  'node:string_decoder',
  'node:url',
  'node:util',
  'node:zlib',
];

/** Packages that parse and validate; they may be imported anywhere, lazily where it matters for the start. */
const PURE_PACKAGES = ['ajv', 'yaml', 'zod'];

/** A face, and every other face. They meet in perform, options and config. */
const FACES = {
  cli: ['src/faces/{cli,overview,terminal}.ts', 'src/faces/cli/**'],
  action: ['src/faces/action*', 'src/faces/action/**'],
  http: ['src/faces/http*', 'src/faces/http/**'],
  mcp: ['src/faces/mcp*', 'src/faces/mcp/**'],
};

/** Who may import which package, at all. A package that is not here has no owner, and may not be imported. */
const OWNERS: { readonly [name: string]: readonly string[] } = {
  commander: ['src/faces/cli.ts', 'src/faces/cli/**'],
  chalk: ['src/faces/{cli,terminal}.ts', 'src/faces/cli/**'],
  '@actions/core': FACES.action,
  execa: ['src/platform/**'],
  undici: ['src/platform/**'],
  '@vscode/ripgrep': ['src/platform/**'],
  'ripgrep-js': ['src/context.ts', 'src/platform/**'],
  'web-tree-sitter': ['src/index/**'],
  '@vscode/tree-sitter-wasm': ['src/index/**'],
  'simple-git': ['src/platform/**'],
  '@actions/github': ['src/platform/**'],
  '@sigstore/sign': ['src/platform/**'],
  '@sigstore/verify': ['src/proof/sigstore/**'],
  '@sigstore/bundle': ['src/platform/sigstore.ts', 'src/proof/sigstore/**'],
  '@sigstore/protobuf-specs': ['src/proof/sigstore/**'],
  '@notionhq/client': ['src/providers/*/client.ts'],
  jsforce: ['src/providers/*/client.ts'],
  '@slack/web-api': ['src/providers/*/client.ts'],
};

const LAYERS: readonly ImportRule[] = [
  {
    name: 'main-only-wires',
    teaches: 'main.ts puts faces, platform and the registry together and does nothing else; what it lacks belongs to one of them.',
    from: ['src/main.ts'],
    only: ['src/faces/**', 'src/platform/**', 'src/commands/registry.generated.ts', ROOT_CONTRACTS],
  },
  {
    name: 'contracts-stand-alone',
    teaches: 'The files at the root of src/ are what everything else agrees on: they import only each other.',
    from: [ROOT_CONTRACTS],
    except: [...ENTRIES, 'src/tasks.ts'],
    only: [ROOT_CONTRACTS],
  },
  {
    name: 'faces-know-no-command',
    teaches:
      'A face gets commands from the registry it is given and the machine from the context: it imports neither platform nor a command.',
    from: ['src/faces/**'],
    only: ['{own}/**', ROOT_CONTRACTS, 'src/proof/**', 'src/services/**'],
  },
  {
    name: 'a-command-knows-no-other',
    teaches: 'A command imports its own folder, the domain rooms and the root contracts; what two commands need belongs in a domain room.',
    from: ['src/commands/*/**'],
    only: ['{own}/**', DOMAIN, 'src/providers/*/{port,records}.ts', ROOT_CONTRACTS],
  },
  {
    name: 'the-registry-is-for-main',
    teaches: 'The generated registry names every command: only main.ts and the generators read it, everyone else is given it.',
    from: ['src/**'],
    except: ['src/main.ts', 'src/generate/**', 'src/commands/registry.generated.ts'],
    never: ['src/commands/registry.generated.ts'],
  },
  {
    name: 'the-index-knows-no-cli',
    teaches: 'The index answers commands, services and the builder alike: it knows its own room and the root contracts.',
    from: ['src/index/**'],
    only: ['{own}/**', ROOT_CONTRACTS],
  },
  {
    name: 'domain-rooms-stand-on-contracts',
    teaches: 'A domain room imports itself and the root contracts; where two rooms meet, a command brings them together.',
    from: ['src/{metrics,proof,secrets,builder,dashboard}/**'],
    only: ['{own}/**', ROOT_CONTRACTS],
  },
  {
    name: 'checks-know-metrics',
    teaches: 'A check is judged by itself; the one thing it may ask for is how a document of metrics reads, which is as pure as it is.',
    from: ['src/checks/**'],
    only: ['{own}/**', 'src/metrics/**', ROOT_CONTRACTS],
  },
  {
    name: 'operations-bring-rooms-together',
    teaches:
      'operations/ asks what the checks have planned and reads what proofs remember: it knows those rooms, and no command knows it twice.',
    from: ['src/operations/**'],
    only: ['{own}/**', 'src/{checks,metrics,proof}/**', ROOT_CONTRACTS],
  },
  {
    name: 'services-read-through-ports',
    teaches: 'A service imports the port and the records of a provider, never its client: the context brings the real one.',
    from: ['src/services/**'],
    only: ['{own}/**', 'src/providers/*/{port,records}.ts', 'src/metrics/**', ROOT_CONTRACTS],
  },
  {
    name: 'a-provider-is-one-business',
    teaches: 'A provider imports its own folder and the root contracts; two businesses meet in a service or a command.',
    from: ['src/providers/*/**'],
    only: ['{own}/**', ROOT_CONTRACTS],
  },
  {
    name: 'platform-implements-contracts',
    teaches: 'platform/ is the real machine behind context.ts: it knows the root contracts and nothing of what is done with it.',
    from: ['src/platform/**'],
    only: ['{own}/**', ROOT_CONTRACTS],
  },
  {
    name: 'generators-read-definitions',
    teaches: 'What is generated comes from the definitions alone: generate/ reads the root contracts and the registry.',
    from: ['src/generate/**'],
    only: ['{own}/**', 'src/commands/registry.generated.ts', ROOT_CONTRACTS],
  },
  {
    name: 'nobody-imports-an-entry',
    teaches: 'main.ts and thread.ts start a process or a thread: importing one would run it.',
    from: ['src/**', 'bench/**', 'test/**'],
    never: ENTRIES,
  },
  {
    name: 'the-product-stands-without-its-tests',
    teaches: 'src/ is what is published: nothing in it may need test/ or bench/.',
    from: ['src/**'],
    never: ['test/**', 'bench/**', 'bin/**'],
  },
];

const FACE_RULES: readonly ImportRule[] = Object.entries(FACES).map(([face, own]) => ({
  name: `the-${face}-face-stands-alone`,
  teaches: `No face imports another face: what ${face} shares with one belongs in perform, options or config.`,
  from: own,
  never: Object.values(FACES)
    .filter((other) => other !== own)
    .flat(),
}));

const PACKAGE_RULES: readonly ImportRule[] = [
  ...Object.entries(OWNERS).map(([name, owners]) => ({
    name: `${name}-has-an-owner`,
    teaches: `${name} is imported in ${owners.join(' and ')} only, so that it can be replaced in one place and is loaded only where it is used.`,
    from: ['src/**'],
    except: owners,
    never: [name],
  })),
  {
    name: 'every-package-has-an-owner',
    teaches: 'Say in test/architecture/rules.ts who owns a package, or that it is pure, before importing it.',
    from: ['src/**'],
    never: ['*'],
    allow: [...PURE_PACKAGES, ...Object.keys(OWNERS), 'node:*', 'src/**', 'test/**', 'bench/**', 'bin/**', 'package.json'],
    kinds: ['static', 'dynamic', 'type'],
  },
  {
    name: 'ripgrep-js-is-types-only',
    teaches: 'The code of ripgrep-js splices the query into a shell: only its types are ours (`import type`).',
    from: ['src/**', 'test/**', 'bench/**'],
    never: ['ripgrep-js'],
    kinds: ['static', 'dynamic', 'computed'],
  },
  {
    name: 'an-import-says-what-it-loads',
    teaches: 'An import whose module is computed cannot be bundled or checked: name it, or add an entry to the generated registry.',
    from: ['src/**'],
    except: ['src/generate/**'],
    never: ['*'],
    kinds: ['computed'],
  },
];

const MACHINE_RULES: readonly Rule[] = [
  {
    name: 'only-platform-touches-the-machine',
    teaches:
      'Disk, programs, network, threads, databases and the process are ports of context.ts; only src/platform/ imports the real ones.',
    from: ['src/**'],
    except: OUTSIDE_MACHINE,
    never: ['node:*'],
    allow: PURE_BUILTINS,
  },
  {
    name: 'chance-comes-from-the-machine-port',
    teaches: 'Random bytes come from context.machine, so that a test can choose them; node:crypto is for digests and signatures.',
    from: ['src/**'],
    except: OUTSIDE_MACHINE,
    never: ['node:crypto'],
    names: [
      'default',
      '*',
      'randomBytes',
      'randomFill',
      'randomFillSync',
      'randomInt',
      'randomUUID',
      'randomUUIDv7',
      'getRandomValues',
      'webcrypto',
    ],
    kinds: ['static', 'dynamic'],
  },
  {
    name: 'time-and-chance-come-from-the-context',
    teaches:
      'The clock, timers and chance are ports (context.clock, context.machine): code that reads them itself cannot be tested or repeated.',
    from: ['src/**'],
    except: OUTSIDE_MACHINE,
    uses: [
      'Date.now',
      'new Date()',
      'Date()',
      '=Date',
      'Math.random',
      '=Math',
      'performance',
      'crypto',
      'setTimeout',
      'setInterval',
      'setImmediate',
      'clearTimeout',
      'clearInterval',
      'clearImmediate',
      'AbortSignal.timeout',
      'Atomics.wait',
      'Atomics.waitAsync',
      'scheduler',
    ],
  },
  {
    name: 'the-process-belongs-to-main',
    teaches: 'argv, env, exit and signals belong to main.ts and platform/; everything else is given what it needs.',
    from: ['src/**'],
    except: OUTSIDE_MACHINE,
    uses: [
      'process',
      'globalThis',
      'global',
      'fetch',
      'WebSocket',
      'EventSource',
      'XMLHttpRequest',
      'Worker',
      'navigator',
      'require',
      'eval',
      'Function',
    ],
  },
  {
    name: 'no-command-prints',
    teaches: 'A command returns an outcome and talks through context.log; only the faces print, through the terminal they were given.',
    from: ['src/commands/**', DOMAIN, 'src/faces/**', 'src/providers/**'],
    uses: ['console', 'process.stdout', 'process.stderr', 'globalThis.console'],
  },
];

const PROMISE_RULES: readonly Rule[] = [
  {
    name: 'a-check-is-pure',
    teaches: 'A check gets an answer and returns a finding: it never sleeps and never asks the network, so it has no context.',
    from: ['src/{checks,metrics}/**'],
    never: ['src/context.ts'],
  },
  {
    name: 'a-service-cannot-write',
    teaches: 'A service has only reads: no file is written, no program started and no proof recorded from there.',
    from: ['src/services/**'],
    uses: [
      '.files.replace',
      '.files.create',
      '.files.rename',
      '.files.remove',
      '.files.link',
      '.files.append',
      '.files.makeDirectory',
      '.files.lock',
      '.exec.run',
      '.exec.stream',
      '.supervisor.run',
      '.git.run',
      '.git.remote',
      '.databases.open',
    ],
  },
  {
    name: 'a-proof-is-never-edited',
    teaches:
      'A proof gets its name once, in recording/write.ts, and is only read from then on; nothing else in the room may replace, rename or remove.',
    from: ['src/proof/**'],
    except: [
      'src/proof/recording/{write,start-mark,vanished,attestation}.ts',
      'src/proof/archive/removal.ts',
      'src/proof/ledger/write-ledger.ts',
      'src/proof/plumbing/scratch.ts',
    ],
    uses: ['.files.replace', '.files.rename', '.files.remove', '.files.append'],
  },
  {
    name: 'only-proof-writes-proofs',
    teaches: 'A result is computed from findings by recordRun, which faces/perform calls for every command that leaves a proof.',
    from: ['src/**'],
    except: ['src/proof/**', 'src/faces/perform.ts'],
    never: ['src/proof/recording/{record,keep,write,start-mark}.ts'],
    kinds: ['static', 'dynamic'],
  },
  {
    name: 'the-start-is-light',
    teaches:
      'Before a command is chosen only the face is loaded: its parser, colours, definitions, clients and rooms come by import() when they are needed.',
    start: 'src/main.ts',
    never: ['*'],
    allow: ['node:*', 'src/*.ts', 'src/faces/**', 'src/commands/registry.generated.ts'],
  },
  {
    name: 'no-cycles',
    teaches: 'Modules that import each other cannot be understood, tested or loaded one at a time: move what both need below them.',
    acyclic: ['src/**', 'test/**', 'bench/**'],
  },
];

export const RULES: readonly Rule[] = [...LAYERS, ...FACE_RULES, ...PACKAGE_RULES, ...MACHINE_RULES, ...PROMISE_RULES];
