// Forms of what sophia.yaml says about services and objectives, as it stands there. Where names lead to is looked up in meaning.ts.
import {
  described,
  either,
  integer,
  listOf,
  literal,
  mapOf,
  notBoth,
  object,
  oneOf,
  reason,
  size,
  text,
  variants,
  type ValueOf,
} from '../../shape.ts';
import { pathShape } from '../body/path.ts';
import { entryShape } from './entry.ts';
import { STANDARDS } from './standards.ts';
import * as word from './words.ts';

const { defaults, ready, health, version, metrics, tls, slo, incidents } = STANDARDS;

export const defaultsFields = {
  timeout: described(word.wait, 'For a whole answer, its body included', defaults.timeout),
  connect_timeout: described(word.wait, 'For the connection of each address, and for the TLS handshake', defaults.connect_timeout),
  retries: described(
    object(
      {},
      {
        network: described(
          integer(0, 100),
          'How often a question is asked again after a failure of the network or a 502, 503, 504',
          defaults.retries.network,
        ),
        backoff: described(word.span, 'How long to wait before that, shortest..longest', defaults.retries.backoff),
      },
    ),
    'When to ask again; samples of objectives are never asked again',
  ),
  max_body: described(size(), 'Of a body; a larger one is HTTP_TOO_LARGE', defaults.max_body),
  family: described(oneOf(['any', 4, 6]), 'Which addresses of a host are tried; any tries each and reports each', defaults.family),
  user_agent: described(text({ pattern: '[\\x20-\\x7e]+', what: 'printable ASCII' }), 'What the probe calls itself', defaults.user_agent),
};

export const originsShape = mapOf(word.ID, described(word.originUrl, 'An origin, by a name for `cors:` checks'));
export const controlShape = listOf(
  described(
    word.pageUrl,
    'Something that is up when our own network is; without an answer from it or anything else, a failure of the network is unknown',
  ),
);

export const scheduleFields = {
  smoke: described(
    object(
      { every: described(word.length, 'How often; `slo` and the dashboard count the runs that are missing') },
      { grace: described(word.length, 'How late a run may come and still be that run', STANDARDS.grace) },
    ),
    'When `sophia smoke` is planned to run',
  ),
};

const OPTIONAL = { optional: described(reason(), 'Why it is no matter where the tool is not there') };

const deployShape = variants('kind', {
  fly: object({ kind: literal('fly'), app: described(word.toolName, 'App on Fly.io, for `flyctl`') }, OPTIONAL),
  compose: object(
    { kind: literal('compose'), service: described(word.toolName, 'Service of Docker Compose') },
    { project: described(word.toolName, 'Its project, where it is not the one of the directory'), ...OPTIONAL },
  ),
  kube: object(
    { kind: literal('kube'), deployment: described(word.toolName, 'Deployment, for `kubectl`') },
    { namespace: described(word.toolName, 'Its namespace, where it is not the current one'), ...OPTIONAL },
  ),
  command: object(
    {
      kind: literal('command'),
      argv: described(listOf(word.argument, { min: 1 }), 'Program and arguments, never through a shell; runs only with `--allow-commands`'),
    },
    OPTIONAL,
  ),
});

const words = listOf(text({ pattern: '\\S(?:[\\s\\S]*\\S)?', what: 'a word' }));

const healthFields = {
  path: described(word.path, 'Where it is asked', health.path),
  at: described(pathShape, 'Where in the JSON the word stands', health.at),
  pass: described(words, 'Words for healthy, upper or lower case', health.pass),
  warn: described(words, 'Words for degraded', health.warn),
  fail: described(words, 'Words for not healthy; any other word is unknown', health.fail),
};

const versionFields = {
  path: described(word.path, 'Where it is asked', version.path),
  at: described(pathShape, 'Where in the JSON the commit stands', version.at),
  header: described(word.headerName, 'Instead of `at`: the header that names the commit'),
  equals: described(word.versionText, 'What it must be; always in quotes', version.equals),
  samples: described(integer(1, 100), 'How many fresh connections must all name it', version.samples),
};

const metricsFields = {
  path: described(word.path, 'Where they are asked', metrics.path),
  format: described(
    oneOf(['auto', 'sophia-json', 'openmetrics', 'prometheus']),
    'In which format; auto goes by media type and content',
    metrics.format,
  ),
  names: described(
    object(
      {},
      {
        requests: described(word.metricName, 'In text formats: what counts requests', metrics.names.requests),
        errors: described(word.metricName, 'In text formats: what counts errors', metrics.names.errors),
        latency: described(word.metricName, 'In text formats: what measures how long they took', metrics.names.latency),
      },
    ),
    'Names of the metrics',
  ),
};

const serviceShape = object(
  {},
  {
    title: described(word.title, 'What people call it'),
    url: described(word.serviceUrl, 'Where it is; plain http:// only on this machine, or with `insecure`'),
    insecure: described(reason(), 'Why plain http:// to another machine is right'),
    deploy: described(deployShape, 'What runs it, so that its own word and its logs become evidence'),
    ready: described(
      object(
        {},
        {
          within: described(word.wait, 'How long after a deploy it may take', ready.within),
          every: described(word.wait, 'How often it is asked meanwhile', ready.every),
          passes: described(integer(1, 100), 'How many times running it must be ready', ready.passes),
        },
      ),
      'When `sophia verify` calls it ready',
    ),
    health: described(object({}, healthFields), 'How it says that it is well; asked of every service that has a url'),
    version: described(
      notBoth(['at', 'header'], object({}, versionFields)),
      'How it says which commit it is; without it `sophia verify` warns',
    ),
    metrics: described(object({}, metricsFields), 'Where its metrics are; not asked without it'),
    tls: described(
      object(
        {},
        {
          min_days: described(integer(), 'A certificate that expires sooner is a failure', tls.min_days),
          warn_days: described(integer(), 'A certificate that expires sooner is a warning', tls.warn_days),
          ca: described(word.line, 'A file of further trusted certificates (PEM), relative to this file'),
        },
      ),
      'What its certificate must keep to; asked wherever the url is https',
    ),
    needs: described(listOf(word.id), 'Services that must be healthy; where one is not, this one is blocked and not asked'),
    skip: described(reason(), 'Why it is left out: the only way to `skipped`'),
    checks: described(listOf(entryShape), 'What else is asked of it'),
  },
);

export const servicesShape = mapOf(word.ID, described(serviceShape, 'A service, by its id'));

const samplesFields = {
  per_run: described(integer(1, 10_000), 'How many in one run; of objectives on the same check the largest counts', slo.samples.per_run),
  rate: described(integer(1, 100), 'How many a second, at most 100', slo.samples.rate),
};

const objectiveShape = object(
  {
    id: described(word.id, 'What it is called; unique'),
    service: described(word.id, 'Of which service'),
    check: described(word.id, 'Which of its checks is the indicator; `health` is one of every service with a url'),
    indicator: described(oneOf(['availability', 'latency']), 'Whether it answers as expected, or how fast'),
    target: described(word.share, 'Share of the samples that must be good, more than 0 and less than 1'),
  },
  {
    under: described(word.length, 'Of latency: what takes longer is bad'),
    window: described(word.length, 'Over how long it is counted', slo.window),
    samples: described(object({}, samplesFields), 'What each run of `sophia smoke` measures'),
    missing: described(
      either(
        literal('bad'),
        object({ exclude: described(reason(), 'Why missing runs are left out; the best verdict is then warn') }),
        'bad, or exclude with a reason',
      ),
      'What a planned run that did not take place means',
      slo.missing,
    ),
    since: described(word.day, 'From when on it is counted, where that is later than the beginning of the window'),
  },
);

export const objectivesShape = listOf(objectiveShape);

export const incidentsFields = {
  after: described(integer(1), 'How many runs one after another must not be healthy', incidents.after),
  labels: described(listOf(word.label, { min: 1 }), 'Labels of the issue, which is found again by them', incidents.labels),
};

export type ServiceFile = ValueOf<typeof serviceShape>;
export type DeployFile = ValueOf<typeof deployShape>;
export type ObjectiveFile = ValueOf<typeof objectiveShape>;
