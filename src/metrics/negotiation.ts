// Which media type the one who asks likes best (RFC 9110, 12.5.1).

/** Of `offers`, whose first is taken where several are liked as much; null where none is accepted, or nothing was said. */
export function choose<Name extends string>(accept: string | null, offers: Readonly<Record<Name, string>>): Name | null {
  if (accept === null) return null;
  const ranges = accept.split(',').slice(0, MAX_RANGES).map(toRange);
  let [best, bestQuality]: [Name | null, number] = [null, 0];
  for (const name in offers) {
    const quality = qualityOf(offers[name], ranges);
    if (quality > bestQuality) [best, bestQuality] = [name, quality];
  }
  return best;
}

/** Nobody likes more than this. */
const MAX_RANGES = 100;

interface Range {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly quality: number;
}

/** What is no quality is none. */
function toRange(text: string): Range {
  const [type = '', ...rest] = text.split(';').map((part) => part.trim());
  const parameters = new Map(rest.map(toParameter));
  const quality = parameters.get('q') ?? '1';
  // What stands behind q belongs to no media type any more.
  const own = [...parameters].slice(0, [...parameters.keys()].includes('q') ? [...parameters.keys()].indexOf('q') : undefined);
  return {
    type: type.toLowerCase(),
    parameters: new Map(own),
    quality: /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(quality) ? Number(quality) : 0,
  };
}

function toParameter(text: string): [string, string] {
  const [name = '', value = ''] = text.split('=', 2).map((part) => part.trim());
  return [name.toLowerCase(), value.replace(/^"(.*)"$/, '$1').toLowerCase()];
}

/** The most specific range that fits decides. */
function qualityOf(offer: string, ranges: readonly Range[]): number {
  const { type, parameters } = toRange(offer);
  let [best, bestRank] = [0, 0];
  for (const range of ranges) {
    const rank = rankOf(range, type, parameters);
    if (rank > bestRank) [best, bestRank] = [range.quality, rank];
  }
  return best;
}

/** 0 where it does not fit. Of the parameters only the version says what is served; others, as charset, we have or nobody has. */
function rankOf({ type, parameters }: Range, offered: string, offer: ReadonlyMap<string, string>): number {
  if (type === '*/*') return 1;
  if (type === `${offered.split('/')[0]}/*`) return 2;
  if (type !== offered) return 0;
  const version = parameters.get('version');
  if (version === undefined) return 3;
  return version === offer.get('version') ? 4 : 0;
}
