import manifest from '../../../package.json' with { type: 'json' };
import { defineCommand } from '../../command.ts';
import { SophiaError } from '../../errors.ts';
import { blocks, bold, plural, table } from '../../markdown.ts';
import { outcome, type Finding } from '../../outcome.ts';
import { auditDirectory, type Audit } from '../../proof/audit/audit.ts';
import { readHistory } from '../../proof/audit/history.ts';
import { toSarif } from '../../proof/audit/sarif.ts';
import { locateStore } from '../../proof/store.ts';

type Format = 'md' | 'json' | 'sarif';

interface Data extends Pick<Audit, 'files' | 'verifiable' | 'byRule'> {
  readonly format: Format;
}

/** A terminal is for reading; a machine asks for json or sarif. */
const MAX_SHOWN = 200;

export default defineCommand({
  name: 'proofs audit',
  summary: "Say what anyone could check of a directory of somebody else's evidence, and what gives it away",
  options: {
    path: { type: 'path', positional: true, required: true, value: 'DIR', help: 'The directory to look at' },
    format: { type: 'string', choices: ['md', 'json', 'sarif'], default: 'md', help: 'How to print what was found' },
    sinceGit: { type: 'boolean', help: 'Ask git as well: what was changed, deleted or committed late' },
  },
  examples: [
    { command: 'sophia proofs audit evidence', does: 'Every finding, file by file, with line and column' },
    { command: 'sophia proofs audit evidence --format sarif > audit.sarif', does: 'The same for code scanning' },
    { command: 'sophia proofs audit evidence --since-git', does: 'Also what its history gives away' },
  ],
  dataSchema: {
    type: 'object',
    required: ['files', 'verifiable', 'byRule', 'format'],
    additionalProperties: false,
    properties: {
      files: { type: 'integer', minimum: 0 },
      verifiable: { type: 'integer', minimum: 0, description: 'Proofs of ours that hold, and files they vouch for' },
      byRule: { type: 'object', additionalProperties: { type: 'integer', minimum: 1 }, description: 'How often each rule found something' },
      format: { enum: ['md', 'json', 'sarif'] },
    },
  },
  run: async (context, options) => {
    const { proofs, name } = locateStore(context, options.path);
    if (context.files.stat(proofs) === null) throw new SophiaError('NOT_A_DIRECTORY', { path: options.path, reason: '' });
    const history = options.sinceGit ? await readHistory(context, proofs) : null;
    const { findings, files, verifiable, byRule } = await auditDirectory(context, { directory: proofs, name, history });
    return outcome<Data>(judge(name, findings, { files, verifiable }), { files, verifiable, byRule, format: options.format });
  },
  isVerbatim: ({ format }) => format !== 'md',
  view: ({ findings, data }) => {
    const { files, verifiable, byRule, format } = data;
    if (format === 'json') return `${JSON.stringify({ findings, files, verifiable, byRule }, null, 2)}\n`;
    if (format === 'sarif') return `${JSON.stringify(toSarif(findings, manifest.version), null, 2)}\n`;
    const found = findings.filter(({ verdict }) => verdict !== 'pass');
    return blocks(
      table(
        ['level', 'rule', 'where', 'what'],
        found.slice(0, MAX_SHOWN).map((finding) => [finding.verdict, finding.check, whereIs(finding), finding.reason]),
      ),
      found.length > MAX_SHOWN && `… and ${plural(found.length - MAX_SHOWN, 'more finding')}: --format json has them all.`,
      table(
        ['rule', 'found'],
        Object.entries(byRule).sort(([, a], [, b]) => b - a),
      ),
      `${plural(files, 'file')}, of which anyone can check ${bold(String(verifiable))}.`,
    );
  },
});

function judge(name: string, findings: readonly Finding[], { files, verifiable }: Pick<Audit, 'files' | 'verifiable'>): readonly Finding[] {
  if (files === 0) return [{ check: 'audited', target: name, verdict: 'unknown', reason: 'there is no file to look at' }];
  const reason = `${plural(files, 'file')} looked at, ${verifiable} of them can be checked by anyone`;
  return [{ check: 'audited', target: name, verdict: 'pass', reason }, ...findings];
}

function whereIs({ target, location }: Finding): string {
  return location === undefined ? target : `${target}:${location.line}:${location.column}`;
}
