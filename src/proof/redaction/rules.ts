// What is secret in a run: by the environment, by the configuration, and by what the command says of itself.
import type { Context } from '../../context.ts';
import { proofsSection } from '../section.ts';
import type { RedactionRules } from './redaction.ts';

export function rulesOf({ env, config }: Pick<Context, 'env' | 'config'>, names: readonly string[] = []): RedactionRules {
  const { redact } = config.read(proofsSection);
  return { env, names: [...names, ...config.secretNames, ...(redact?.env ?? [])], patterns: redact?.patterns ?? [] };
}
