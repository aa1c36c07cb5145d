// What holds where sophia.yaml says nothing, as it would be written there: for the reader, the published schema and the docs.

export const STANDARDS = {
  defaults: {
    timeout: '10s',
    connect_timeout: '3s',
    retries: { network: 2, backoff: '500ms..5s' },
    max_body: '1MiB',
    family: 'any',
    user_agent: 'sophia',
  },
  grace: '12h',
  ready: { within: '120s', every: '2s', passes: 2 },
  health: {
    path: '/healthz',
    at: '$.status',
    pass: ['ok', 'pass', 'up', 'healthy'],
    warn: ['warn', 'degraded'],
    fail: ['fail', 'down', 'error', 'unhealthy'],
  },
  version: { path: '/healthz', at: '$.commit', equals: '${deploy.sha}', samples: 5 },
  metrics: {
    path: '/metrics',
    format: 'auto',
    names: { requests: 'requests_total', errors: 'errors_total', latency: 'request_duration_seconds' },
  },
  tls: { min_days: 7, warn_days: 21 },
  slo: { window: '30d', samples: { per_run: 60, rate: 10 }, missing: 'bad' },
  incidents: { after: 2, labels: ['incident'] },
} as const;
