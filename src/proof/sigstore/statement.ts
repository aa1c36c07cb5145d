// A signed statement is about its subjects. That one of them is the artifact at hand nobody checks but who asks.
import { isJsonObject, isList, parseJson } from '../canonical.ts';
import type { Json } from '../../outcome.ts';

const PAYLOAD_TYPE = 'application/vnd.in-toto+json';
const STATEMENT_TYPES: ReadonlySet<Json> = new Set(['https://in-toto.io/Statement/v1', 'https://in-toto.io/Statement/v0.1']);

export interface Envelope {
  readonly payloadType: string;
  readonly payload: Uint8Array;
}

/** Of an artifact, in lowercase hex; undefined where its bytes are not at hand. */
export type Digests = (algorithm: 'sha256' | 'sha384' | 'sha512') => string | undefined;

/** Null where a subject of the statement is the artifact; else why not. */
export function subjectFlawOf({ payloadType, payload }: Envelope, artifact: Digests): string | null {
  if (payloadType !== PAYLOAD_TYPE) return `its payload is ${JSON.stringify(payloadType)}, and no in-toto statement that names an artifact`;
  let statement: Json;
  try {
    statement = parseJson(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch {
    return 'its payload is not JSON';
  }
  if (!isJsonObject(statement)) return 'its statement is no object';
  const { _type: type = null, subject = [] } = statement;
  // Of another version, the same words may mean something else.
  if (!STATEMENT_TYPES.has(type)) return `its statement is of the unknown type ${JSON.stringify(type)}`;
  const isAbout = isList(subject) && subject.some((each) => isArtifact(each, artifact));
  return isAbout ? null : 'no subject of its statement is the artifact';
}

/** One digest is enough, as in-toto has it; weaker ones than these count for nothing. */
function isArtifact(subject: Json, artifact: Digests): boolean {
  const digest = isJsonObject(subject) ? subject['digest'] : undefined;
  if (!isJsonObject(digest)) return false;
  return (['sha256', 'sha384', 'sha512'] as const).some((algorithm) => {
    const said = digest[algorithm];
    return typeof said === 'string' && said.toLowerCase() === artifact(algorithm);
  });
}
