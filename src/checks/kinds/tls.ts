// A certificate that is asked for by name: `- {id: cert, tls: {host: sophia.example, port: 443, min_days: 14}}`.
import { described, integer, object, text } from '../../shape.ts';
import { limitsOf } from '../builtin/ground.ts';
import { judgeCertificate } from '../certificate.ts';
import { formOf, misfit } from '../fitting.ts';
import { parseHostPort } from '../host-port.ts';
import { defineKind } from './kind.ts';

const fields = {
  tls: object(
    { host: described(text({ pattern: String.raw`[^\s/?#@]+`, what: 'a host' }), 'Whose certificate, and for what name it must be.') },
    {
      port: described(integer(1), 'Where it is shown.', 443),
      min_days: described(integer(), 'With fewer days left it fails; as for the service without it.'),
      warn_days: described(integer(), 'With fewer days left it is a warning; as for the service without it.'),
      ca: described(
        text({ pattern: String.raw`[^\0]+`, what: 'the path of a file' }),
        'A file with further trusted certificates, relative to sophia.yaml.',
      ),
    },
  ),
};

const { fit } = formOf(fields);

export default defineKind({
  name: 'tls',
  summary: 'Whether a certificate is the right one and still holds for a while',
  keys: ['tls'],
  fields,
  meaning: (written, _scope, report) => {
    const { tls } = fit(written) ?? {};
    if (tls?.port !== undefined && tls.port > 65_535) report('/tls/port', 'must be a port, at most 65535');
    if ((tls?.min_days ?? 0) > (tls?.warn_days ?? Infinity))
      report('/tls/warn_days', 'must not be below min_days: it would never be heard');
  },
  files: (entry) => {
    const ca = fit(entry)?.tls?.ca;
    return ca === undefined ? [] : [ca];
  },
  inquire: (entry, { defaults, fileText, service }) => {
    const { tls } = fit(entry) ?? {};
    const { host = '', port = 443, min_days: minDays = service.tls.minDays, warn_days: warnDays = service.tls.warnDays, ca } = tls ?? {};
    const address = parseHostPort(`${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`);
    if (address === null) return misfit('`tls` names no host and port');
    const question = { kind: 'tls', ...address, ca: ca === undefined ? null : fileText(ca), ...limitsOf(defaults) } as const;
    return { asks: [{ question, judge: ({ certificate, at }) => judgeCertificate(certificate, { minDays, warnDays }, at) }] };
  },
});
