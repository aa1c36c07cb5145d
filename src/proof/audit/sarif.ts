// Findings as SARIF 2.1.0, which code scanning and editors read. Source: OASIS SARIF v2.1.0.
import type { Finding, JsonObject } from '../../outcome.ts';
import { rules } from '../audit-rules/registry.generated.ts';

const HELP = 'https://github.com/ai-cherry/sophia/blob/main/docs/proofs.md#audit';

export function toSarif(findings: readonly Finding[], version: string): JsonObject {
  const ids = rules.map(({ id }) => id);
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'sophia', version, informationUri: HELP, rules: rules.map(toRule) } },
        // Lines are counted by line feeds and columns in UTF-16 units, as here.
        columnKind: 'utf16CodeUnits',
        results: findings.flatMap((finding) => (ids.includes(finding.check) ? [toResult(finding, ids.indexOf(finding.check))] : [])),
      },
    ],
  };
}

function toRule({ id, level, summary, mend }: (typeof rules)[number]): JsonObject {
  return {
    id,
    shortDescription: { text: summary },
    help: { text: mend },
    helpUri: HELP,
    defaultConfiguration: { level: toLevel(level) },
  };
}

function toResult({ check, target, verdict, reason, location }: Finding, ruleIndex: number): JsonObject {
  const region = location === undefined ? {} : { region: { startLine: location.line, startColumn: location.column } };
  return {
    ruleId: check,
    ruleIndex,
    level: toLevel(verdict),
    message: { text: reason },
    locations: [{ physicalLocation: { artifactLocation: { uri: toUri(target) }, ...region } }],
  };
}

function toLevel(verdict: string): string {
  return verdict === 'fail' ? 'error' : 'warning';
}

/** A relative reference: each part escaped, whatever the name holds. */
function toUri(path: string): string {
  return path
    .split('/')
    .map((part) => encodeURIComponent(part.toWellFormed()))
    .join('/');
}
