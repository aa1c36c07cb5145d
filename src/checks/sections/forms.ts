// `${…}` where it stands in the file: forms that nobody knows, and forms in places where nothing is filled in.
import { formsIn } from '../substitution.ts';
import { suggest } from '../../suggest.ts';
import { textsIn } from './loose.ts';

type Report = (pointer: string, problem: string) => void;

const KNOWN = '${env.NAME}, ${deploy.sha} and ${capture.NAME}';

/** For a value whose texts are filled in. `allowed` are the beginnings of what may stand there: `env`, `deploy`, `capture`. */
export function reportForms(
  value: unknown,
  at: string,
  { allowed, report }: { readonly allowed: readonly string[]; readonly report: Report },
): void {
  for (const { pointer, text } of textsIn(value, at)) {
    const { names, unknown } = formsIn(text);
    for (const form of unknown) report(pointer, problemOfForm(form));
    for (const name of names) {
      if (!allowed.includes(name.split('.', 1)[0]!)) report(pointer, `\${${name}} is not known here: ${known(allowed)}`);
    }
  }
}

/** For a value that is taken as it is written. */
export function reportUnfilled(value: unknown, at: string, report: Report): void {
  for (const { pointer, text } of textsIn(value, at)) {
    if (text.includes('${')) report(pointer, 'nothing is filled in here: write the value itself');
  }
}

function problemOfForm(form: string): string {
  if (!form.endsWith('}')) return 'a "${" is never closed; "$${" writes a literal one';
  const inside = form.slice(2, -1);
  const [room = '', ...rest] = inside.split('.');
  if (/^[A-Za-z_]\w*$/.test(inside)) return `${form} is unknown, did you mean "\${env.${inside}}"?`;
  const near = /"(\w+)"/.exec(suggest(room, ['env', 'deploy', 'capture']))?.[1];
  if (near !== undefined && near !== room) return `${form} is unknown, did you mean "\${${[near, ...rest].join('.')}}"?`;
  return `${form} is unknown: there are ${KNOWN}; "$\${" writes a literal "\${"`;
}

function known(allowed: readonly string[]): string {
  return allowed.length === 1 ? `only \${${allowed[0]!}.NAME} is` : 'captured values are known to checks alone';
}
