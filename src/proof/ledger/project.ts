// How this project seals: with which key, and beside which keys it trusts.
import type { Context } from '../../context.ts';
import { proofsSection } from '../section.ts';
import { findSigningKey, readVkey } from '../keys/key-source.ts';
import type { SealRequest } from './seal.ts';

/** `keyFile` as typed; without one the key is that of the environment, if any. Throws what is wrong with a key. */
export function sealSettings(
  context: Context,
  { command, keyFile }: { readonly command: string; readonly keyFile: string | undefined },
): Pick<SealRequest, 'run' | 'key' | 'trusted'> {
  const { trust } = context.config.read(proofsSection);
  return {
    run: { command, argv: context.argv ?? [] },
    key: findSigningKey(context, keyFile),
    trusted: (trust?.keys ?? []).map(({ vkey }) => readVkey(vkey)),
  };
}
