// What the generated registry holds: names for the overview, definitions only on demand.
import type { Command } from './command.ts';
import type { Section } from './section.ts';

export interface RegistryEntry {
  /** As typed: `index`, `proofs verify`. */
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

export type Registry = readonly RegistryEntry[];

/** A domain room's part of sophia.yaml. */
export interface SectionEntry {
  readonly name: string;
  readonly load: () => Promise<Section>;
}

export type Sections = readonly SectionEntry[];
