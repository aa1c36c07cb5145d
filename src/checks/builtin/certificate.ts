// How long the certificate of a service still holds. That it is the right one, the handshake has seen to.
import { judgeCertificate } from '../certificate.ts';
import type { Inquiry } from '../inquiry.ts';
import type { Service } from '../service.ts';
import { limitsOf, type Ground } from './ground.ts';

export function inquireCertificate({ minDays, warnDays }: Service['tls'], { url, defaults, ca }: Ground): Inquiry {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const question = { kind: 'tls', host, port: Number(port || '443'), ca, ...limitsOf(defaults) } as const;
  return { asks: [{ question, judge: ({ certificate, at }) => judgeCertificate(certificate, { minDays, warnDays }, at) }] };
}
