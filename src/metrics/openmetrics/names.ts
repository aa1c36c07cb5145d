// No two families of a document may lead to the same name of a sample; so a family cannot come back later either.
import { SUFFIXES } from './suffixes.ts';
import type { Mistakes, Place } from '../text.ts';
import type { FamilyType } from '../series.ts';

interface Claim {
  readonly name: string;
  readonly type: FamilyType;
  readonly place: Place;
}

export class Names {
  readonly #owners = new Map<string, string>();
  readonly #mistakes: Mistakes;

  constructor(mistakes: Mistakes) {
    this.#mistakes = mistakes;
  }

  claim({ name, type, place }: Claim): void {
    const names = new Set([name, ...SUFFIXES[type].map((suffix) => name + suffix)]);
    const taken = [...names].find((each) => this.#owners.has(each));
    if (taken !== undefined) this.#mistakes.add(place, this.#describe(name, taken));
    for (const each of names) this.#owners.set(each, this.#owners.get(each) ?? name);
  }

  #describe(name: string, taken: string): string {
    const owner = this.#owners.get(taken) ?? '';
    if (owner === name) return `the family ${name} was there before: all of a family stands together`;
    return `${name} and ${owner} clash: both may have a sample ${taken}`;
  }
}
