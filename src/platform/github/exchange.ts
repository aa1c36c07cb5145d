// One request through octokit. It fills in the route, signs the request and finds the proxy; what comes back is read here and octokit
// told nothing of it: it has no limits, throws what it calls an error, makes BigInts of large numbers and writes to the console.
import process from 'node:process';
import type * as Octokits from '@actions/github/lib/utils';
import type { JsonObject } from '../../outcome.ts';

export interface Ask {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly token: string | null;
  readonly route: string;
  readonly parameters: JsonObject;
  readonly signal: AbortSignal;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** What the network did instead; anything else that goes wrong is thrown. */
export interface Silence {
  readonly thrown: unknown;
}

const MAX_BYTES = 16 << 20;

/** What a later version of the API would answer is not known here. */
const API_VERSION = '2022-11-28';

type Fetch = (url: string, init: object) => Promise<Response>;

export async function exchange({ baseUrl, token, route, parameters, signal }: Ask): Promise<Reply | Silence> {
  const { GitHub: Octokit, defaults, getOctokitOptions } = await loadOctokit();
  const octokit = new Octokit({ ...(token === null ? {} : getOctokitOptions(token)), baseUrl, userAgent: 'sophia' });
  const send = defaults.request?.fetch as Fetch;
  const came: (Reply | Silence)[] = [];
  const fetch = async (url: string, init: object): Promise<Response> => {
    const sent = send(url, { ...init, signal }).then(readReply);
    came.push(await sent.catch((thrown: unknown) => ({ thrown })));
    return new Response(null, { status: 204 });
  };
  const headers = { accept: 'application/vnd.github+json', 'x-github-api-version': API_VERSION };
  // Not followed: a redirect could carry what is written to a stranger, and GitHub's own only say that a repository was renamed.
  await octokit.request(route, { ...parameters, headers, request: { fetch, redirect: 'manual' } });
  const [first] = came;
  if (first === undefined) throw new TypeError(`octokit sent nothing for ${route}`);
  return first;
}

let octokits: Promise<typeof Octokits> | null = null;

/** The package reads the event of the workflow as it is loaded: prints to stdout where the file is not there, and throws where it is no JSON. */
function loadOctokit(): Promise<typeof Octokits> {
  if (octokits !== null) return octokits;
  const { GITHUB_EVENT_PATH: event } = process.env;
  delete process.env['GITHUB_EVENT_PATH'];
  octokits = import('@actions/github/lib/utils').finally(() => {
    if (event !== undefined) process.env['GITHUB_EVENT_PATH'] = event;
  });
  return octokits;
}

async function readReply(response: Response): Promise<Reply> {
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    sizeBytes += part.length;
    if (sizeBytes > MAX_BYTES) throw new RangeError(`the answer is larger than ${MAX_BYTES} bytes`);
    parts.push(part);
  }
  return { status: response.status, headers: response.headers, body: Buffer.concat(parts) };
}
