import { defineRule } from './rule.ts';

const UNEXPANDED =
  /\$\((?:[^()\n]|\([^()\n]*\))*\)|\$\{[A-Za-z_][^}\n]*\}|\$(?:GITHUB|RUNNER|HOME|PWD|USER|RANDOM|SHA|DATE|TIMESTAMP|COMMIT|[A-Z]+_[A-Z_]+)\b|`(?:date|git|curl|jq|wc|cat|echo|hostname|whoami)\b[^`\n]*`|(?:\d+\s*[-+*]\s*)+\d+\s*\|\s*bc\b|\|\s*(?:bc|jq|wc|awk|sed)\b|\{\{[^{}\n]+\}\}|%(?:[A-Z]+_)*[A-Z]{3,}%/g;

/** Code in Markdown is meant to be read, not to have been run: blanked, so that places stay right. */
function withoutCode(text: string): string {
  return text.replaceAll(/```[^]*?(?:```|$)|`[^`\n]*`/g, (code) => code.replaceAll(/[^\n]/g, ' '));
}

/** Only what kind of thing it is: the text may hold what nobody should read. */
function describe(found: string): string {
  if (found.startsWith('$(') || found.startsWith('`')) return 'a command';
  if (/[|+*]/.test(found)) return 'a calculation';
  return 'a variable';
}

export default defineRule({
  id: 'unexpanded-body',
  level: 'fail',
  summary: 'It has a variable, a command or a sum that should have been replaced by its value',
  mend: 'Compute the value in a program and write what came out',
  *examine({ text, name }) {
    if (text === null || /\.(?:sh|bash|ya?ml|js|ts|py)$/.test(name)) return;
    const prose = name.endsWith('.md') ? withoutCode(text) : text;
    for (const { index, 0: found } of prose.matchAll(UNEXPANDED))
      yield { reason: `${describe(found)} stands where its value belongs`, offset: index };
  },
});
