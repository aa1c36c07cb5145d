import { defineCommand } from '../../command.ts';
import { blocks, bold, plural, table } from '../../markdown.ts';
import { DEFAULT_NAMES, readMetrics, type MetricsError, type MetricsReading } from '../../metrics/reading.ts';
import { outcome, type Finding } from '../../outcome.ts';
import { readInputOrStdin } from '../../proof/input.ts';

type Data = Pick<MetricsReading, 'format' | 'families' | 'samples' | 'errors'>;

/** What a service serves is far less; what is piped in may never end. */
const MAX_BYTES = 32 * 1024 * 1024;

export default defineCommand({
  name: 'metrics check',
  summary: 'Judge a document of metrics: our JSON, OpenMetrics 1.0 or Prometheus text, every mistake with line and column',
  options: {
    file: { type: 'path', positional: true, required: true, value: 'FILE', help: 'The document; - is what is piped in' },
    format: {
      type: 'string',
      choices: ['auto', 'sophia-json', 'openmetrics', 'prometheus'],
      default: 'auto',
      help: 'The format it must be in; auto decides by its content',
    },
  },
  examples: [
    { command: 'sophia metrics check metrics.txt', does: 'Exit 1 with every mistake, 3 where the document is empty' },
    { command: 'curl -s https://api.example/metrics | sophia metrics check -', does: 'What a service serves right now' },
    {
      command: 'sophia metrics check --format openmetrics metrics.txt',
      does: 'A document without # EOF at its end is refused for certain',
    },
  ],
  outputs: {
    format: { from: 'format', help: 'The format that the document is in' },
    samples: { from: 'samples', help: 'How many samples it has' },
  },
  dataSchema: {
    type: 'object',
    required: ['format', 'families', 'samples', 'errors'],
    additionalProperties: false,
    properties: {
      format: { enum: ['sophia-json', 'openmetrics', 'prometheus', null], description: 'Null where it is none of them' },
      families: { type: 'integer', minimum: 0 },
      samples: { type: 'integer', minimum: 0, description: 'Those that could be read' },
      errors: {
        type: 'array',
        description: 'By place; no more than a hundred are told',
        items: {
          type: 'object',
          required: ['line', 'column', 'code', 'message'],
          additionalProperties: false,
          properties: {
            line: { type: 'integer', minimum: 1 },
            column: { type: 'integer', minimum: 1, description: 'In UTF-16 code units' },
            code: { enum: ['METRICS_NOT_METRICS', 'METRICS_INVALID', 'METRICS_INCONSISTENT', 'METRICS_EMPTY'] },
            message: { type: 'string' },
          },
        },
      },
    },
  },
  run: async (context, { file, format }) => {
    const bytes = await readInputOrStdin(context, file, MAX_BYTES);
    const { families, samples, errors, format: found } = readMetrics(bytes, { format, names: DEFAULT_NAMES, mediaType: null });
    const data: Data = { format: found, families, samples, errors };
    return outcome<Data>(judge(file, data), data);
  },
  view: ({ findings, data: { format, families, samples, errors } }) =>
    blocks(
      table(
        ['place', 'code', 'reason'],
        errors.map(({ line, column, code, message }) => [`${line}:${column}`, code, message]),
      ),
      errors.length === 0 &&
        `${bold(findings[0]?.target ?? '')}: ${format}, ${plural(families, 'family', 'families')}, ${plural(samples, 'sample')}.`,
    ),
});

function judge(file: string, { format, families, samples, errors }: Data): readonly Finding[] {
  if (errors.length > 0) return errors.map((error) => toFinding(file, error));
  const reason = `${format} with ${plural(families, 'family', 'families')} and ${plural(samples, 'sample')}, and nothing against it`;
  return [{ check: 'metrics', target: file, verdict: 'pass', reason }];
}

/** Of an empty document nobody can say that it is wrong. */
function toFinding(file: string, { line, column, code, message }: MetricsError): Finding {
  const verdict = code === 'METRICS_EMPTY' ? 'unknown' : 'fail';
  return { check: 'metrics', target: `${file}:${line}:${column}`, verdict, code, reason: message, location: { file, line, column } };
}
