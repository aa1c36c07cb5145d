// Whether a port accepts connections: `- {id: port, tcp: 'db.internal:5432'}`. What stands behind it is not asked.
import { described } from '../../shape.ts';
import { limitsOf } from '../builtin/ground.ts';
import { duration } from '../../markdown.ts';
import { misfit } from '../fitting.ts';
import { hostPortShape, parseHostPort } from '../host-port.ts';
import { defineKind } from './kind.ts';

export default defineKind({
  name: 'tcp',
  summary: 'Whether a port accepts connections',
  keys: ['tcp'],
  fields: { tcp: described(hostPortShape, 'A host and a port, like db.internal:5432 or [::1]:5432.') },
  inquire: ({ tcp }, { defaults }) => {
    const address = typeof tcp === 'string' ? parseHostPort(tcp) : null;
    if (address === null) return misfit('`tcp` is no host and port');
    const question = { kind: 'tcp', ...address, ...limitsOf(defaults) } as const;
    return {
      asks: [{ question, judge: ({ phases }) => [{ verdict: 'pass', reason: `accepts connections (${duration(phases.totalMs)})` }] }],
    };
  },
});
