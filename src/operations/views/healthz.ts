// proofs/healthz/<name>.txt: how a service stood when it was asked last, for people and `cat`.
import type { Answer } from '../../answer.ts';
import { harmless } from '../../markdown.ts';
import type { Finding } from '../../outcome.ts';
import type { Service } from '../../checks/service.ts';
import { sha256Of } from '../../proof/digest.ts';
import { keptUrl } from '../../proof/redaction/http.ts';

export interface HealthzRequest {
  readonly finding: Finding;
  readonly url: string | null;
  /** The last one; null where none came. */
  readonly answer: Answer | null;
  readonly commit: string | null;
  /** The body without its secrets: a digest of the other could be one of a secret. */
  readonly body: Uint8Array;
  readonly proofPath: string;
}

const MAX_BODY_BYTES = 4096;

export function healthzView({ finding, url, answer, commit, body, proofPath }: HealthzRequest): string {
  const lines = [
    ['verdict', finding.verdict],
    ['url', url === null ? '-' : keptUrl(url)],
    ['status', answer?.http?.status ?? '-'],
    ['at', answer?.at ?? '-'],
    ['ms', answer === null ? '-' : Math.round(answer.phases.totalMs)],
    ['commit', commit ?? '-'],
    ['sha256', answer?.http ? sha256Of(body) : '-'],
    ['proof', proofPath],
  ].map(([name, value]) => `${name}: ${harmless(String(value)).replaceAll('\n', ' ')}`);
  return `${lines.join('\n')}\n\n${shown(body)}`;
}

/** Of the application where the platform knows one and nobody else has it, else of the service. */
export function healthzPathOf(service: Service, services: readonly Service[]): string {
  const app = appOf(service);
  const isOwn =
    app !== null && /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(app) && services.every((other) => other === service || !names(other, app));
  return `healthz/${isOwn ? app : service.id}.txt`;
}

function names(service: Service, name: string): boolean {
  return service.id === name || appOf(service) === name;
}

function appOf({ deploy }: Service): string | null {
  return deploy?.kind === 'fly' ? deploy.app : null;
}

/** Its beginning, with control characters to be seen and not obeyed. */
function shown(body: Uint8Array): string {
  const text = harmless(Buffer.from(body.subarray(0, MAX_BODY_BYTES)).toString('utf8'));
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
