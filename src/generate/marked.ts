// Documents written by hand, with parts that are not: `<!-- generated:NAME -->` … `<!-- /generated:NAME -->`.

const PART = /<!-- generated:([a-z-]+) -->\n(?:[\s\S]*?\n)?<!-- \/generated:\1 -->/g;
const MARKER = /<!-- (\/?)generated:([a-z-]+) -->/g;

export function hasMarkers(text: string): boolean {
  return text.search(MARKER) !== -1;
}

/** The text with every part between markers made anew. */
export function fillMarkers(text: string, parts: ReadonlyMap<string, string>): string {
  return text.replaceAll(PART, (_, name: string) => `<!-- generated:${name} -->\n${parts.get(name) ?? ''}\n<!-- /generated:${name} -->`);
}

/** A marker without its other half, or for a part that does not exist: nothing would be generated, silently. */
export function problemsOfMarkers(file: string, text: string, parts: ReadonlyMap<string, string>): readonly string[] {
  const known = [...parts.keys()].join(', ');
  const unpaired = text.replaceAll(PART, (_, name: string) => (parts.has(name) ? '' : `<!-- generated:${name} -->`)).matchAll(MARKER);
  return [...unpaired].map(([marker, , name]) =>
    parts.has(name!)
      ? `${file}: ${marker} has no other half on a line of its own`
      : `${file}: there is no generated part "${name}"; there are ${known}`,
  );
}
