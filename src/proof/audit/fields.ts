// How others call the things that every proof needs. Names are plain: small letters and digits.
import type { Fact } from './json-facts.ts';

/** A whole commit id; a short one may mean another commit tomorrow. */
export function isCommit({ name, keys, value }: Fact): boolean {
  const isNamed = /commit|sha|revision|head|ref/.test(name) || keys.some((key) => /commit|revision/i.test(key));
  return isNamed && typeof value === 'string' && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(value);
}

export function isDigest({ name, keys, value }: Fact): boolean {
  if (typeof value !== 'string') return false;
  if (/^(?:sha(?:256|384|512)[:-])[A-Za-z0-9+/=]{40,}$/.test(value)) return true;
  const isNamed = /digest|sha256|sha512|hash|checksum|integrity/.test(name) || keys.some((key) => /digest|checksum/i.test(key));
  return isNamed && /^(?:[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128}|[A-Za-z0-9+/]{43}=)$/.test(value);
}

export function isExitCode({ name, value }: Fact): boolean {
  return /^(?:exit(?:code|status|value)?|returncode|retcode|rc)$/.test(name) && Number.isSafeInteger(Number(value)) && value !== null;
}

/** Also where it is a list of words. */
export function isCommand({ name, value }: Fact): boolean {
  return /^(?:command|commandline|cmd|argv|args|invocation|entrypoint|script)$/.test(name) && typeof value === 'string' && value !== '';
}

export function isRunId({ name, value }: Fact): boolean {
  return (
    /run(?:id|number|url)$|^(?:workflowrun|buildid|buildnumber|jobid|invocationid|executionid)$/.test(name) &&
    value !== null &&
    value !== ''
  );
}

export function isStart({ name, value }: Fact): boolean {
  return /^(?:start|started|began|begin|begun)(?:at|time|timestamp|on|date|edon)?$|^(?:time)?start(?:ed)?$/.test(name) && isTime(value);
}

export function isFinish({ name, value }: Fact): boolean {
  return (
    /^(?:finish|finished|end|ended|complete|completed|stop|stopped)(?:at|time|timestamp|on|date|edon)?$|^time(?:finished|ended|end)$/.test(
      name,
    ) && isTime(value)
  );
}

export function isSchema({ name, value }: Fact): boolean {
  return (
    /^(?:schema|schemaversion|schemaurl|schemauri|type|predicatetype|mediatype|payloadtype|apiversion|specversion)$/.test(name) &&
    typeof value === 'string' &&
    value !== ''
  );
}

export function isDuration({ name }: Fact): boolean {
  return (
    /duration|elapsed|latency|took|runtime|responsetime|(?:millis|seconds|secs|ms)$/.test(name) &&
    !/timestamp|epoch|since|until|(?:^|at|time)(?:ms|millis|seconds|secs)$/.test(name)
  );
}

const GOOD =
  /^(?:ok|okay|pass|passed|passing|success|successful|succeeded|healthy|up|green|operational|complete|completed|verified|ready|running|true)$/;
const BAD =
  /^(?:fail|failed|failing|failure|error|errored|unhealthy|down|dead|red|critical|timeout|timedout|unreachable|crashed|broken|degraded|blocked|refused|unavailable|false|notok)$/;

export type Judgement = 'good' | 'bad';

/** What a status says, in any words; null where it says neither. */
export function judgementOf(value: Fact['value']): Judgement | null {
  if (typeof value === 'boolean') return value ? 'good' : 'bad';
  if (typeof value !== 'string') return null;
  const word = value.toLowerCase().replaceAll(/[^a-z]/g, '');
  return GOOD.test(word) ? 'good' : BAD.test(word) ? 'bad' : null;
}

/** `status`, `overall_health`, `result`, `success`, `is_healthy`, `state`. */
export function isStatus({ name }: Fact): boolean {
  return /(?:status|health|healthy|result|outcome|verdict|state|success|passed|conclusion)$|^ok$/.test(name) && !name.endsWith('code');
}

function isTime(value: Fact['value']): boolean {
  return typeof value === 'number' ? value > 1e8 : typeof value === 'string' && /\d{4}-\d{2}-\d{2}|^\d{9,}/.test(value);
}
