import type { Paged, Reply, Seen } from './github.ts';

const MAX_PER_PAGE = 100;

/** `page` and `per_page` as GitHub reads them, and its `Link` header. */
export function pageOf({ items, wrap = (page) => page }: Paged, { path, query }: Seen, base: string): Reply {
  const perPage = Math.min(MAX_PER_PAGE, Math.max(1, Number(query.get('per_page') ?? 30)));
  const page = Math.max(1, Number(query.get('page') ?? 1));
  const last = Math.max(1, Math.ceil(items.length / perPage));
  const linkTo = (number: number, rel: string): string => {
    const parameters = new URLSearchParams([...query].filter(([name]) => name !== 'page'));
    return `<${base}${path}?${parameters.toString()}&page=${number}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [linkTo(page - 1, 'prev'), linkTo(1, 'first')] : []),
    ...(page < last ? [linkTo(page + 1, 'next'), linkTo(last, 'last')] : []),
  ];
  const body = wrap(items.slice((page - 1) * perPage, page * perPage));
  return { status: 200, body, ...(links.length === 0 ? {} : { headers: { link: links.join(', ') } }) };
}
