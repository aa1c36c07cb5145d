// What a run leaves: its proof, a stub where the bytes still held a secret, or the reason why there is neither.
import type { Context } from '../../context.ts';
import { SophiaError, toProblem, type Problem } from '../../errors.ts';
import { serialize, serializeCompact } from '../canonical.ts';
import { pathOf } from '../path-law.ts';
import { toJson } from '../plain.ts';
import type { Redactor } from '../redaction/redaction.ts';
import { MAX_DATA_BYTES, MAX_PROOF_BYTES, PROOF_SCHEMA, type Statement } from '../statement.ts';
import { offerForAttestation } from './attestation.ts';
import { composeStatement, composeStub, type Frame, type Stop } from './compose.ts';
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
  const { frame, notes, stop, redactor, place } = conclusion;
  const path = pathOf(frame);
  const write = (statement: Statement, { attachments, views }: Pick<Notes, 'attachments' | 'views'>): Kept['proof'] => {
    const bytes = Buffer.from(serialize(toJson(statement)));
    refuseTooLarge('whole', bytes.length, MAX_PROOF_BYTES);
    const sha256 = writeProof(context, { proofs: place.proofs, path, bytes, attachments, views });
    offerForAttestation(context, `${place.proofs}/${path}`);
    return { id: frame.id, path: `${place.name}/${path}`, sha256 };
  };
  try {
    refuseTooLarge('data', Buffer.byteLength(serializeCompact(notes.data)), MAX_DATA_BYTES);
    const statement = composeStatement(frame, notes, stop, redactor.redactions);
    const leak = findLeak(conclusion, statement);
    if (leak === null) return { proof: write(statement, notes), proofProblem: null };
    const refusal = new SophiaError('PROOF_SECRET_REFUSED', { secret: leak });
    return { proof: write(composeStub(frame, refusal), { attachments: [], views: [] }), proofProblem: toProblem(refusal) };
  } catch (thrown) {
    const problem =
      thrown instanceof SophiaError ? thrown : new SophiaError('PROOF_NOT_WRITTEN', { reason: String(thrown) }, { cause: thrown });
    return { proof: null, proofProblem: toProblem(problem) };
  }
}

/** The words of the format itself: a variable API_KEY=unknown cannot be kept out of a proof, and is no secret. */
const VOCABULARY = JSON.stringify(PROOF_SCHEMA);

/** The last gate: the finished bytes, with everything that lies beside them, are searched once more. The secret's label, or null. */
function findLeak({ frame, notes, redactor }: Conclusion, statement: Statement): string | null {
  const finished = [
    Buffer.from(serialize(toJson(statement))),
    ...notes.attachments.map(({ bytes }) => bytes),
    ...notes.views.map(({ bytes }) => bytes),
  ];
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

function refuseTooLarge(part: string, size: number, limit: number): void {
  if (size > limit) throw new SophiaError('PROOF_TOO_LARGE', { part, size, limit });
}
