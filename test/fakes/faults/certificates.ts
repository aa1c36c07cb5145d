// Certificates of every kind, made by openssl while the tests run, so that none expires in the repository.
import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

/** PEM. */
export interface KeyPair {
  readonly key: string;
  readonly cert: string;
}

export interface Wanted {
  /** `DNS:localhost`, `IP:127.0.0.1`; none for a certificate that has only a common name. */
  readonly names?: readonly string[];
  readonly commonName?: string;
  /** Days from now; negative ones are past. */
  readonly fromDays?: number;
  readonly toDays?: number;
  /** `stranger` is an authority that nobody trusts. */
  readonly issuer?: 'authority' | 'stranger' | 'itself';
}

const DAY_MS = 86_400_000;

const made = new Map<string, Promise<KeyPair>>();

/** Made once in a process. */
export function authority(name: 'authority' | 'stranger' = 'authority'): Promise<KeyPair> {
  return once(name, () =>
    inFolder(async (folder) => {
      const usage = ['-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=critical,keyCertSign'];
      await openssl(folder, ['req', '-x509', ...NEW_KEY, '-out', 'cert.pem', '-days', '30', '-subj', `/CN=Test ${name}`, ...usage]);
      return read(folder);
    }),
  );
}

/** For `localhost` and 127.0.0.1, signed by our authority and valid for a month, unless something else is wanted. */
export function certificate(wanted: Wanted = {}): Promise<KeyPair> {
  return once(JSON.stringify(wanted), () => inFolder((folder) => issue(folder, wanted)));
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', 'key.pem'];

/** The one command of every openssl that takes dates is `ca`; it wants to keep books. */
const BOOKS = `[ca]
default_ca = books
[books]
database = index.txt
new_certs_dir = .
default_md = sha256
policy = any
rand_serial = yes
[any]
commonName = optional
`;

async function issue(folder: string, wanted: Wanted): Promise<KeyPair> {
  const { names = ['DNS:localhost', 'IP:127.0.0.1'], commonName = 'localhost', fromDays = -1, toDays = 30, issuer = 'authority' } = wanted;
  await openssl(folder, ['req', '-new', ...NEW_KEY, '-out', 'request.pem', '-subj', `/CN=${commonName}`]);
  const list = names.map((name, index) => name.replace(':', `.${index} = `));
  const extensions = ['basicConstraints = CA:FALSE', ...(names.length === 0 ? [] : ['subjectAltName = @names', '[names]', ...list])];
  const signer = issuer === 'itself' ? null : await authority(issuer);
  const files = { 'books.cnf': BOOKS, 'index.txt': '', 'extensions.cnf': `${extensions.join('\n')}\n` };
  for (const [name, text] of Object.entries(files)) await fs.writeFile(path.join(folder, name), text);
  if (signer !== null) {
    await fs.writeFile(path.join(folder, 'signer.pem'), signer.cert);
    await fs.writeFile(path.join(folder, 'signer-key.pem'), signer.key);
  }
  const by = signer === null ? ['-selfsign', '-keyfile', 'key.pem'] : ['-cert', 'signer.pem', '-keyfile', 'signer-key.pem'];
  const dates = ['-startdate', dateOf(fromDays), '-enddate', dateOf(toDays)];
  const paper = ['-in', 'request.pem', '-out', 'cert.pem', '-extfile', 'extensions.cnf'];
  await openssl(folder, ['ca', '-config', 'books.cnf', '-batch', '-notext', ...by, ...dates, ...paper]);
  return read(folder);
}

/** `YYYYMMDDHHMMSSZ` */
function dateOf(days: number): string {
  return `${new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`;
}

async function read(folder: string): Promise<KeyPair> {
  const [key, cert] = await Promise.all(['key.pem', 'cert.pem'].map((name) => fs.readFile(path.join(folder, name), 'utf8')));
  return { key: key!, cert: cert! };
}

async function openssl(folder: string, args: readonly string[]): Promise<void> {
  await promisify(execFile)('openssl', args, { cwd: folder });
}

async function inFolder<Value>(work: (folder: string) => Promise<Value>): Promise<Value> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'sophia-certificates-'));
  try {
    return await work(folder);
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

function once(name: string, make: () => Promise<KeyPair>): Promise<KeyPair> {
  let pair = made.get(name);
  if (pair === undefined) made.set(name, (pair = make()));
  return pair;
}
