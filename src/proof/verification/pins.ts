// Checkpoints that were kept elsewhere: what was true of the ledger once must be true of it still.
import { CHECKPOINT_FILE, type Checkpoint } from '../ledger/checkpoint.ts';
import { plural } from '../../markdown.ts';
import type { Flaw } from './flaw.ts';
import type { Inspection } from '../inspection/inspect.ts';
import { rootsAt } from '../inspection/ledger-judgement.ts';

export interface Pin {
  /** `--since saved.txt`: who says so. */
  readonly name: string;
  readonly checkpoint: Checkpoint;
}

export interface PinJudgement {
  readonly flaws: readonly Flaw[];
  /** How many entries of this ledger the pin has seen; 0 where it does not agree. */
  readonly covered: number;
}

export function judgePin({ ledger, isSound }: Inspection, { name, checkpoint: pin }: Pin): PinJudgement {
  const refuse = (check: Flaw['check'], reason: string): PinJudgement => ({
    flaws: [{ check, path: CHECKPOINT_FILE, reason }],
    covered: 0,
  });
  const { checkpoint, entries } = ledger;
  if (checkpoint === null) {
    if (ledger.isPresent) return { flaws: [], covered: 0 }; // what is wrong with it is said already
    return refuse('ledger-missing', `there is no ledger; ${name} has a checkpoint of ${plural(pin.size, 'entry', 'entries')}`);
  }
  if (pin.origin !== checkpoint.origin)
    return refuse('wrong-origin', `it is the checkpoint of ${checkpoint.origin}; ${name} is one of ${pin.origin}`);
  if (pin.size > checkpoint.size)
    return refuse('rollback', `it covers ${plural(checkpoint.size, 'entry', 'entries')}; ${name} has seen ${pin.size}`);
  const lost = pin.signatures.filter(
    (each) => !checkpoint.signatures.some(({ name: signer, keyId }) => signer === each.name && keyId === each.keyId),
  );
  const isDowngraded = checkpoint.signatures.length === 0 && lost.length > 0;
  const downgraded: Flaw[] = isDowngraded
    ? [
        {
          check: 'downgraded',
          path: CHECKPOINT_FILE,
          reason: `it is not signed; ${name} is, by ${lost.map((each) => each.name).join(' and ')}`,
        },
      ]
    : [];
  if (!isSound) return { flaws: downgraded, covered: 0 };
  if (rootsAt(entries, [pin.size]).get(pin.size) !== pin.root) {
    const reason = `its first ${plural(pin.size, 'entry', 'entries')} do not have the root that ${name} has`;
    return { flaws: [...downgraded, { check: 'fork', path: CHECKPOINT_FILE, reason }], covered: 0 };
  }
  return { flaws: downgraded, covered: pin.size };
}
