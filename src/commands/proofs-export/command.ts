import { defineCommand } from '../../command.ts';
import type { Context } from '../../context.ts';
import { SophiaError } from '../../errors.ts';
import { blocks, plural, table } from '../../markdown.ts';
import { outcome, type Finding, type Outcome } from '../../outcome.ts';
import { FOREIGN_PREDICATES } from '../../proof/export/predicates.ts';
import { readHoldingLedger } from '../../proof/export/sealed-place.ts';
import { exportProof, type Wanted } from '../../proof/export/single.ts';
import { locateTarget } from '../../proof/export/target.ts';
import { exportTiles } from '../../proof/export/tiles.ts';
import { findSigningKey, KEY_VARIABLE } from '../../proof/keys/key-source.ts';
import { locateStore, resolveProof, type Store } from '../../proof/store.ts';
import { openProofs } from '../../proof/tree.ts';

type Form = Wanted['form'];

interface ExportData {
  /** Of the proof, from the project root; null for a whole ledger. */
  readonly path: string | null;
  readonly form: Form | 'tiles';
  /** What was exported, to the byte; null for a whole ledger. */
  readonly text: string | null;
  readonly isSealed: boolean;
  readonly isSigned: boolean;
  readonly tiles: Tiles | null;
}

interface Tiles {
  readonly directory: string;
  readonly files: number;
  readonly origin: string;
  readonly size: number;
  readonly root: string;
  readonly leftOut: readonly number[];
}

export default defineCommand({
  name: 'proofs export',
  summary: 'Hand a proof, or the whole ledger, to other tools in their own formats',
  action: { none: 'its output is for a program: a verifier, or a log' },
  options: {
    ref: { type: 'string', positional: true, value: 'REF', help: 'First letters of an id, a path, "latest" or "latest:KIND"' },
    dsse: { type: 'boolean', help: 'In a DSSE envelope' },
    bundle: { type: 'boolean', help: 'In a Sigstore bundle v0.3, signed by your key and in no public log' },
    tlogProof: { type: 'boolean', help: 'Its place in the ledger as a C2SP tlog-proof, to be checked with nothing but the proof itself' },
    as: {
      type: 'string',
      value: 'PREDICATE',
      choices: FOREIGN_PREDICATES,
      help: 'Said in the words of this in-toto predicate, as a statement or in an envelope',
    },
    tiles: { type: 'path', value: 'DIR', help: 'The whole ledger as a C2SP tlog-tiles directory' },
    key: { type: 'path', value: 'FILE', help: `Sign the envelope or the bundle with this key (default: ${KEY_VARIABLE})` },
    dir: { type: 'path', value: 'DIR', default: 'proofs', help: 'Where the proofs are' },
  },
  secrets: { [KEY_VARIABLE]: 'PEM of the key that signs the envelope, as "sophia proofs keygen" writes it' },
  examples: [
    { command: 'sophia proofs export latest:smoke --tlog-proof', does: 'A proof of inclusion that anyone can check offline' },
    { command: 'sophia proofs export latest:deployment --as slsa --dsse --key acme.pem', does: 'Signed SLSA provenance' },
    { command: 'sophia proofs export --tiles public/log', does: 'The ledger as static files for a web server' },
  ],
  dataSchema: {
    type: 'object',
    required: ['path', 'form', 'text', 'isSealed', 'isSigned', 'tiles'],
    additionalProperties: false,
    properties: {
      path: { type: ['string', 'null'], description: 'Of the proof, from the project root; null for a whole ledger' },
      form: { enum: ['statement', 'dsse', 'bundle', 'tlog-proof', 'tiles'] },
      text: { type: ['string', 'null'], description: 'What was exported, to the byte; null for a whole ledger' },
      isSealed: { type: 'boolean', description: 'A checkpoint covers it' },
      isSigned: { type: 'boolean', description: 'What was exported carries a signature' },
      tiles: {
        type: ['object', 'null'],
        required: ['directory', 'files', 'origin', 'size', 'root', 'leftOut'],
        additionalProperties: false,
        properties: {
          directory: { type: 'string' },
          files: { type: 'integer', minimum: 0 },
          origin: { type: 'string' },
          size: { type: 'integer', minimum: 0 },
          root: { type: 'string' },
          leftOut: {
            type: 'array',
            items: { type: 'integer', minimum: 0 },
            description: 'Entries for whose sake their bundle is missing: pruned, or longer than the format allows',
          },
        },
      },
    },
  },
  run: async (context, options) => {
    const wish = wishOf(options);
    const store = locateStore(context, options.dir);
    return wish.form === 'tiles'
      ? await runTiles(context, store, wish.directory)
      : await runSingle(context, store, { ...options, ...wish });
  },
  view: ({ findings, data }) =>
    data.text ??
    blocks(
      table(
        ['check', 'reason'],
        findings.filter(({ verdict }) => verdict !== 'pass').map(({ check, reason }) => [check, reason]),
      ),
      ...findings.filter(({ verdict }) => verdict === 'pass').map(({ reason }) => reason),
    ),
  isVerbatim: ({ text }) => text !== null,
});

interface Options {
  readonly ref: string | undefined;
  readonly dsse: boolean;
  readonly bundle: boolean;
  readonly tlogProof: boolean;
  readonly as: (typeof FOREIGN_PREDICATES)[number] | undefined;
  readonly tiles: string | undefined;
  readonly key: string | undefined;
}

type Wish = { readonly form: 'tiles'; readonly directory: string } | { readonly form: Form; readonly ref: string };

/** An option that would change nothing is a mistake, and is said. */
function wishOf({ ref, dsse, bundle, tlogProof, as, tiles, key }: Options): Wish {
  const forms: Form[] = [
    ...(dsse ? ['dsse' as const] : []),
    ...(bundle ? ['bundle' as const] : []),
    ...(tlogProof ? ['tlog-proof' as const] : []),
  ];
  const [form = 'statement', second] = forms;
  if (tiles !== undefined) {
    if (ref !== undefined || forms.length > 0 || as !== undefined || key !== undefined)
      throw usage('--tiles exports the whole ledger: it goes with no proof and no other form');
    return { form: 'tiles', directory: tiles };
  }
  if (ref === undefined) throw usage('say which proof: the first letters of an id, a path, "latest" or "latest:KIND"');
  if (second !== undefined) throw usage(`--${form} and --${second} exclude each other`);
  if (form === 'statement' && as === undefined) throw usage('say in which form: --dsse, --bundle, --tlog-proof or --as');
  if (form === 'tlog-proof' && as !== undefined)
    throw usage('what is in the ledger is the proof itself: --tlog-proof does not go with --as');
  if (key !== undefined && form !== 'dsse' && form !== 'bundle') throw usage('--key signs an envelope: give --dsse or --bundle');
  return { form, ref };
}

function usage(problem: string): SophiaError {
  return new SophiaError('USAGE', { problem, command: 'proofs export' });
}

interface Single {
  readonly form: Form;
  readonly ref: string;
  readonly as: Options['as'];
  readonly key: string | undefined;
}

async function runSingle(context: Context, store: Store, { form, ref, as, key: file }: Single): Promise<Outcome<ExportData>> {
  const wanted = wantedOf(context, form, file);
  const proof = resolveProof(store, ref);
  const { text, path, isSealed, isSigned } = await exportProof(context, { store, proof, wanted, predicate: as ?? null });
  const findings: Finding[] = [
    { check: 'exported', target: path, verdict: 'pass', reason: `it holds, and is exported as ${as ?? 'it is'} (${form})` },
  ];
  if (!isSealed) findings.push({ check: 'unsealed', target: path, verdict: 'warn', reason: 'no ledger covers it' });
  if (!isSigned && (form === 'dsse' || form === 'tlog-proof'))
    findings.push({ check: 'unsigned', target: path, verdict: 'warn', reason: UNSIGNED[form] });
  for (const { verdict, reason } of findings) if (verdict === 'warn') context.log.warn(reason);
  return outcome<ExportData>(findings, { path, form, text, isSealed, isSigned, tiles: null });
}

function wantedOf(context: Context, form: Form, file: string | undefined): Wanted {
  if (form === 'statement' || form === 'tlog-proof') return { form };
  const key = findSigningKey(context, file);
  if (form === 'dsse') return { form, key };
  if (key === null) throw usage(`a bundle has exactly one signature: give --key FILE or ${KEY_VARIABLE}`);
  return { form, key };
}

const UNSIGNED = {
  dsse: `the envelope has no signature, so it is nobody's word: give --key FILE or ${KEY_VARIABLE}`,
  'tlog-proof': 'the checkpoint is not signed: whoever could write the ledger could have made it',
} as const;

async function runTiles(context: Context, store: Store, directory: string): Promise<Outcome<ExportData>> {
  const target = locateTarget(context, store, directory);
  const ledger = await readHoldingLedger(openProofs(context, store));
  if (ledger === null) throw new SophiaError('PROOF_NOT_SEALED', { path: store.name });
  const { files, leftOut } = await exportTiles(context, { store, ledger, directory: target });
  const { origin, size, root, signatures } = ledger.checkpoint;
  const isSigned = signatures.length > 0;
  const findings: Finding[] = [
    {
      check: 'exported',
      target: directory,
      verdict: 'pass',
      reason: `${plural(size, 'entry', 'entries')} of ${origin} in ${plural(files, 'file')}`,
    },
  ];
  if (leftOut.length > 0) findings.push({ check: 'left-out', target: directory, verdict: 'warn', reason: describeLeftOut(leftOut) });
  if (!isSigned) findings.push({ check: 'unsigned', target: directory, verdict: 'warn', reason: UNSIGNED['tlog-proof'] });
  return outcome<ExportData>(findings, {
    path: null,
    form: 'tiles',
    text: null,
    isSealed: true,
    isSigned,
    tiles: { directory, files, origin, size, root, leftOut },
  });
}

function describeLeftOut(leftOut: readonly number[]): string {
  const first = leftOut.slice(0, 5).join(', ');
  return `bundles of entries are missing, tiles are not: ${plural(leftOut.length, 'proof')} pruned or too long for the format (${first}${leftOut.length > 5 ? ', …' : ''})`;
}
