// What the generated registry holds: names for the overview, definitions only on demand.
import type { Command } from './command.ts';

export interface RegistryEntry {
  /** As typed: `index`, `proofs verify`. */
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

export type Registry = readonly RegistryEntry[];
