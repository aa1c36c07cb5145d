// What a run leaves: its proof, a stub where the bytes still held a secret, or the reason why there is neither.
import type { Context } from '../../context.ts';
import { SophiaError, toProblem, type Problem } from '../../errors.ts';
import { serialize } from '../canonical.ts';
import { pathOf } from '../path-law.ts';
import { toJson } from '../plain.ts';
import type { Redactor } from '../redaction/redaction.ts';
import { MAX_PROOF_BYTES, PROOF_SCHEMA } from '../statement.ts';
import { offerForAttestation } from './attestation.ts';
import { composeStatement, composeStub, type Frame, type Stop } from './compose.ts';
import { fit, fits, type Material } from './fitting.ts';
import type { Notes } from './recorder.ts';
import { writeProof } from './write.ts';

/** A directory of proofs: where it is, absolute, and what a user calls it, from the project root. */
export interface Place {
  readonly proofs: string;
  readonly name: string;
}

export interface Conclusion {
  readonly frame: Frame;
  readonly notes: Notes;
  readonly stop: Stop | null;
  readonly redactor: Redactor;
  readonly place: Place;
}

export interface Kept {
  /** `path` is from the project root; null where it could not be written. */
  readonly proof: { readonly id: string; readonly path: string; readonly sha256: string } | null;
  /** Why there is no proof, or only a stub. It never changes the exit code. */
  readonly proofProblem: Problem | null;
}

/** Writes the proof of a run that is over, and says where it is; never throws. */
export function keepProof(context: Context, conclusion: Conclusion): Kept {
  const { frame, notes, redactor, place } = conclusion;
  const path = pathOf(frame);
  const write = (bytes: Uint8Array, { attachments, views }: Pick<Notes, 'attachments' | 'views'>): Kept['proof'] => {
    if (bytes.length > MAX_PROOF_BYTES)
      throw new SophiaError('PROOF_TOO_LARGE', { part: 'whole', size: bytes.length, limit: MAX_PROOF_BYTES });
    const sha256 = writeProof(context, { proofs: place.proofs, path, bytes, attachments, views });
    offerForAttestation(context, `${place.proofs}/${path}`);
    return { id: frame.id, path: `${place.name}/${path}`, sha256 };
  };
  try {
    const whole = compose(conclusion, { ...notes, redactions: redactor.redactions });
    const kept = fits(whole.material, whole.bytes.length) ? whole : compose(conclusion, shorten(conclusion, whole.material));
    const leak = findLeak(conclusion, whole) ?? (kept === whole ? null : findLeak(conclusion, kept));
    if (leak === null) {
      const proof = write(kept.bytes, kept.material);
      if (kept !== whole) tellCut(context, whole.material, kept.material);
      return { proof, proofProblem: null };
    }
    const refusal = new SophiaError('PROOF_SECRET_REFUSED', { secret: leak });
    const stub = Buffer.from(serialize(toJson(composeStub(frame, refusal))));
    return { proof: write(stub, { attachments: [], views: [] }), proofProblem: toProblem(refusal) };
  } catch (thrown) {
    const problem =
      thrown instanceof SophiaError ? thrown : new SophiaError('PROOF_NOT_WRITTEN', { reason: String(thrown) }, { cause: thrown });
    return { proof: null, proofProblem: toProblem(problem) };
  }
}

/** A proof as it would be written. */
interface Composed {
  readonly material: Material;
  readonly bytes: Uint8Array;
}

function compose({ frame, stop }: Conclusion, material: Material): Composed {
  const { redactions, ...notes } = material;
  return { material, bytes: Buffer.from(serialize(toJson(composeStatement(frame, notes, stop, redactions)))) };
}

function shorten(conclusion: Conclusion, whole: Material): Material {
  return fit(whole, { proofPath: pathOf(conclusion.frame), sizeOf: (material) => compose(conclusion, material).bytes.length });
}

/** Result and exit code are those of the whole run all the same. */
function tellCut({ log }: Context, { truncated: before, attachments }: Material, material: Material): void {
  const parts = material.truncated.slice(before.length).map(({ path }) => path.replace('/predicate/', ''));
  const [beside] = material.attachments.slice(attachments.length);
  const where = beside === undefined ? '' : `; all findings are in ${beside.path}`;
  log.warn(`more was found than a proof holds: it has not all of its ${parts.join(', ')}${where}`);
}

/** The words of the format itself: a variable API_KEY=unknown cannot be kept out of a proof, and is no secret. */
const VOCABULARY = JSON.stringify(PROOF_SCHEMA);

/** The last gate: the finished bytes, with everything that lies beside them, are searched once more. The secret's label, or null. */
function findLeak({ frame, redactor }: Conclusion, { material: { attachments, views }, bytes: own }: Composed): string | null {
  const finished = [own, ...attachments.map(({ bytes }) => bytes), ...views.map(({ bytes }) => bytes)];
  for (const bytes of finished) {
    for (const { start, end, label } of redactor.find(bytes)) {
      const word = Buffer.from(bytes.subarray(start, end)).toString('utf8');
      if (!VOCABULARY.includes(word) && !isOfFrame(frame, word)) return label;
    }
  }
  return null;
}

/** Neither can what a stub would say as well: the kind, the command, the times. */
function isOfFrame({ id, kind, command, tool, startedAt, finishedAt, environment }: Frame, word: string): boolean {
  return [id, kind, command, tool.name, tool.version, startedAt, finishedAt, environment.os, environment.node].some((fact) =>
    fact.includes(word),
  );
}
