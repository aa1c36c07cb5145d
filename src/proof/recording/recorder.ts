// The live recorder of one run: it takes what was observed and cleans it at once, and it has no way to state a result.
import type { Capture, Context, Files, Recorder } from '../../context.ts';
import { SophiaError } from '../../errors.ts';
import type { Finding, Json, JsonObject } from '../../outcome.ts';
import { findArchived } from '../archive/listing.ts';
import { sha256Of } from '../digest.ts';
import { MAX_ATTACHMENT_BYTES, MAX_BODY_BYTES, packLog, prepareAttachment, type Prepared } from './attachment.ts';
import { LongText } from './head-and-tail.ts';
import { isJsonObject } from '../canonical.ts';
import { attachmentPathOf, isAttachmentName, isViewPath, placeOf } from '../path-law.ts';
import { toJson } from '../plain.ts';
import type { Redactor } from '../redaction/redaction.ts';
import { MAX_ATTACHMENTS, MAX_PROOF_BYTES, MAX_VIEW_BYTES, type Predicate } from '../statement.ts';
import { proofNamedBy, redactView } from '../view.ts';

/** A file to be written with the proof. */
export interface KeptFile {
  /** Relative to proofs/. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

/** What a run left, redacted. */
export interface Notes {
  readonly findings: readonly Finding[];
  readonly data: JsonObject;
  readonly inputs: Predicate['inputs'];
  readonly attachments: readonly (KeptFile & { readonly mediaType: string })[];
  readonly views: readonly KeptFile[];
  readonly subjects: readonly { readonly name: string; readonly sha256: string }[];
  readonly links: Predicate['links'];
  readonly truncated: Predicate['truncated'];
}

export interface RecorderRequest {
  readonly context: Context;
  /** Absolute. */
  readonly proofs: string;
  /** Of the proof to come, relative to proofs/. */
  readonly proofPath: string;
  readonly redactor: Redactor;
}

export interface LiveRecorder {
  readonly recorder: Recorder;
  /** Ends the recording: what a run that was given up on still says is not heard. */
  close(): Notes;
}

export function createRecorder({ context, proofs, proofPath, redactor }: RecorderRequest): LiveRecorder {
  const findings: Finding[] = [];
  const facts = new Map<string, Json>();
  const inputs = new Map<string, Predicate['inputs'][number]>();
  const attachments = new Map<string, Notes['attachments'][number]>();
  const views = new Map<string, KeptFile>();
  const subjects = new Map<string, { name: string; sha256: string }>();
  const links: Predicate['links'][number][] = [];
  const truncated: Predicate['truncated'][number][] = [];
  let isOpen = true;

  const attach = (asked: string, given: Uint8Array, mediaType: string): void => {
    const pointer = `/predicate/attachments/${attachments.size}`;
    const safeName = redactor.name(asked, pointer);
    keep(
      prepareAttachment(safeName, given, (raw) => redactor.bytes(raw, pointer)),
      mediaType,
    );
  };

  const keep = ({ name, bytes, whole }: Prepared, mediaType: string): void => {
    const refuse = (problem: string): never => refuseName(name, 'an attachment', problem);
    if (!isAttachmentName(name)) refuse('only a to z, 0 to 9, dot, _ and -, at most 64, not .json');
    const path = attachmentPathOf(proofPath, name);
    if (attachments.has(path)) refuse('there is one of this name already');
    if (attachments.size >= MAX_ATTACHMENTS || bytes.length > MAX_ATTACHMENT_BYTES) {
      truncated.push({ path, ...(whole ?? { sizeBytes: bytes.length, sha256: sha256Of(bytes) }) });
      return;
    }
    if (whole !== null) truncated.push({ path, ...whole });
    attachments.set(path, { path, bytes, sha256: sha256Of(bytes), mediaType });
  };

  const capture = (asked: string): Capture => {
    const stream = redactor.stream();
    const text = new LongText(MAX_BODY_BYTES);
    const take = (clean: Uint8Array): Uint8Array => {
      text.add(clean);
      return clean;
    };
    return {
      write: (chunk) => take(stream.write(chunk)),
      end: () => {
        const pointer = `/predicate/attachments/${attachments.size}`;
        const name = redactor.name(`${asked}.log`, pointer);
        const rest = take(stream.end(pointer));
        const { kept, sizeBytes, sha256 } = text.finish();
        if (isOpen && sizeBytes > 0) keep(packLog(name, kept, { sizeBytes, sha256 }), 'text/plain');
        return { rest, sizeBytes, sha256 };
      },
    };
  };

  const view = (asked: string, make: (path: string) => Uint8Array | string): void => {
    const pointer = `/predicate/views/${views.has(asked) ? [...views.keys()].indexOf(asked) : views.size}`;
    const path = redactor.name(asked, pointer);
    if (!isViewPath(path)) refuseName(path, 'a view', 'one folder and a name of A to Z, a to z, 0 to 9, dot, _ and - below proofs/');
    const bytes = redactView(redactor, { path, bytes: Buffer.from(make(proofPath)), pointer });
    if (proofNamedBy(path, bytes) !== proofPath) refuseName(path, 'a view', `its bytes do not name ${proofPath}`);
    if (bytes.length > MAX_VIEW_BYTES)
      throw new SophiaError('PROOF_TOO_LARGE', { part: `view ${path}`, size: bytes.length, limit: MAX_VIEW_BYTES });
    views.set(path, { path, bytes, sha256: sha256Of(bytes) });
  };

  const link = (rel: Predicate['links'][number]['rel'], asked: string): void => {
    const proof = asked.replace(/^proofs\//, '');
    const bytes = placeOf(proof) === null ? null : readLinked({ files: context.files, proofs }, proof);
    if (bytes === null) throw new SophiaError('PROOF_NOT_FOUND', { reference: asked, directory: 'proofs' });
    links.push({ rel, proof, sha256: sha256Of(bytes) });
  };

  const open = <Args extends unknown[]>(take: (...args: Args) => void): ((...args: Args) => void) => {
    return (...args) => {
      if (isOpen) take(...args);
    };
  };
  const recorder: Recorder = {
    find: open((finding: Finding) => findings.push(cleanFinding(redactor, finding, `/predicate/findings/${findings.length}`))),
    input: open((asked: string, bytes: Uint8Array) => {
      const name = redactor.text(asked.toWellFormed(), `/predicate/inputs/${inputs.size}/name`);
      const clean = redactor.bytes(bytes, `/predicate/inputs/${inputs.size}`); // a digest of a file that is a secret would be one of the secret
      inputs.set(name, { name, digest: { sha256: sha256Of(clean) }, sizeBytes: clean.length });
    }),
    attach: open(attach),
    capture,
    view: open(view),
    subject: open((asked: string, sha256: string) => {
      const name = redactor.text(asked.toWellFormed(), '/subject');
      subjects.set(name, { name, sha256 });
    }),
    data: open((given: { readonly [key: string]: Json }) => {
      const clean = redactor.json(toJson(given), '/predicate/data');
      for (const [key, value] of Object.entries(isJsonObject(clean) ? clean : {})) facts.set(key, value);
    }),
    link: open(link),
  };
  return {
    recorder,
    close: () => {
      isOpen = false;
      return {
        findings,
        data: Object.fromEntries(facts),
        inputs: [...inputs.values()],
        attachments: [...attachments.values()],
        views: [...views.values()],
        subjects: [...subjects.values()],
        links,
        truncated,
      };
    },
  };
}

/** An archived proof is as good as one that is a file of its own. */
function readLinked(where: { readonly files: Files; readonly proofs: string }, proof: string): Uint8Array | null {
  const file = `${where.proofs}/${proof}`;
  if (!where.files.exists(file)) return findArchived(where, proof)?.bytes ?? null;
  const bytes = where.files.readPlain(file, MAX_PROOF_BYTES);
  return bytes instanceof Uint8Array ? bytes : null;
}

/** Verdicts stay as they are: a secret that happens to be the word "unknown" must not change what was judged. */
function cleanFinding(redactor: Redactor, finding: Finding, at: string): Finding {
  const text = (value: string, field: string): string => redactor.text(value.toWellFormed(), `${at}/${field}`);
  const json = (value: unknown, field: string): Json => redactor.json(toJson(value), `${at}/${field}`);
  const { observed, expected, tries, location, code } = finding;
  return {
    ...finding,
    check: text(finding.check, 'check'),
    target: text(finding.target, 'target'),
    reason: text(finding.reason, 'reason'),
    ...(code === undefined ? {} : { code: text(code, 'code') }),
    ...(observed === undefined ? {} : { observed: json(observed, 'observed') }),
    ...(expected === undefined ? {} : { expected: json(expected, 'expected') }),
    ...(tries === undefined ? {} : { tries: tries.map((each, index) => json(each, `tries/${index}`)) }),
    ...(location === undefined ? {} : { location: { ...location, file: text(location.file, 'location/file') } }),
  };
}

function refuseName(name: string, what: string, problem: string): never {
  throw new SophiaError('PROOF_NAME_INVALID', { name, what, problem });
}
