// A page of figures: what was measured, on what, and against which goal. Pure.

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly detail: string;
  /** The goal; null where there is none. */
  readonly most: number | null;
}

export function figure(
  name: string,
  value: number,
  { detail = '', most }: { readonly detail?: string; readonly most?: number } = {},
): Figure {
  return { name, value, detail, most: most ?? null };
}

export function isMissed({ value, most }: Figure): boolean {
  return most !== null && !(value <= most);
}

export interface Section {
  readonly title: string;
  readonly figures: readonly Figure[];
  /** Why there are none. */
  readonly absent?: string;
}

export interface Page {
  readonly title: string;
  /** Of package.json, that writes it. */
  readonly script: string;
  readonly machine: string;
  /** How it was measured, in lines. */
  readonly preamble: readonly string[];
}

export function toMarkdown(sections: readonly Section[], { title, script, machine, preamble }: Page): string {
  const head = [`# ${title}`, '', `<!-- Written by \`npm run ${script}\`; do not edit. -->`, '', `${machine}.`, '', ...preamble, ''];
  return [...head, ...sections.flatMap(toSection)].join('\n');
}

function toSection({ title, figures, absent }: Section): readonly string[] {
  if (absent !== undefined) return [`## ${title}`, '', `Not measured: ${absent}`, ''];
  return [
    `## ${title}`,
    '',
    '| figure | ours | | goal | |',
    '|---|--:|---|--:|---|',
    ...figures.map((each) => {
      const goal = each.most === null ? '' : `≤ ${each.most}`;
      const verdict = each.most === null ? '' : isMissed(each) ? '**not met**' : 'met';
      return `| ${each.name} | ${round(each.value)} | ${each.detail} | ${goal} | ${verdict} |`;
    }),
    '',
  ];
}

function round(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(value < 100 ? 2 : 0);
}
