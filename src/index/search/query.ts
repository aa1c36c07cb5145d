// What a query asks for. Every text is a query; none is ever passed on as a query language.

export const MODES = ['auto', 'words', 'literal', 'regex', 'symbol'] as const;
export type Mode = (typeof MODES)[number];
export type Lane = Exclude<Mode, 'auto'>;

export interface Query {
  readonly lane: Lane;
  readonly text: string;
  /** In auto mode one word may also be the exact name of a symbol: those hits come first. */
  readonly mayBeSymbol: boolean;
}

/** auto: `"quoted"` is literal, `/re/` a regex, `sym:name` a symbol, anything else words. */
export function parseQuery(text: string, mode: Mode): Query {
  if (mode !== 'auto') return { lane: mode, text: mode === 'symbol' ? text.replace(/^sym:/, '') : text, mayBeSymbol: false };
  const trimmed = text.trim();
  if (/^"[^]+"$/.test(trimmed)) return { lane: 'literal', text: trimmed.slice(1, -1), mayBeSymbol: false };
  if (/^\/[^]+\/$/.test(trimmed)) return { lane: 'regex', text: trimmed.slice(1, -1), mayBeSymbol: false };
  if (trimmed.startsWith('sym:')) return { lane: 'symbol', text: trimmed.slice(4), mayBeSymbol: false };
  return { lane: 'words', text: trimmed, mayBeSymbol: trimmed !== '' && !/\s/.test(trimmed) };
}
