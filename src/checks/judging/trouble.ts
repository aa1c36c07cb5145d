// Trouble of an exchange means the same whatever was asked: this is where it is judged, once for all checks.
import type { Answer, Trouble } from '../../answer.ts';
import type { Judgement } from '../inquiry.ts';

/** Of the way there and back, which this machine may have lost by itself. What broke TLS or HTTP has come from somebody. */
export function isOfNetwork({ code }: Trouble): boolean {
  return code.startsWith('NET_') || code.startsWith('DNS_');
}

export function judgeTrouble(answer: Answer, trouble: Trouble, isControlHeld: (answer: Answer) => boolean): Judgement {
  const { code, detail } = trouble;
  if (!isOfNetwork(trouble) || isControlHeld(answer)) return { verdict: 'fail', code, reason: detail };
  return {
    verdict: 'unknown',
    code: 'NO_CONTROL',
    reason: `${detail}; nothing else answered either, so it may be the network of this machine`,
  };
}
