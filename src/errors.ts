// The catalogue of coded errors. Docs and `sophia explain` are made from it.
import type { JsonObject } from './outcome.ts';

interface Entry {
  /** What happened, with {placeholders}. */
  readonly title: string;
  /** What to do about it. */
  readonly hint: string;
  /** 2 usage or configuration, 3 could not tell, 4 authentication or permission, 5 a proof does not hold. */
  readonly exitCode: 2 | 3 | 4 | 5;
  /** HTTP status of the problem document. */
  readonly status: number;
  readonly retryable?: true;
  /** More for `sophia explain`: why it happens, an example. */
  readonly explain: string;
}

const CATALOGUE = {
  USAGE: {
    title: '{problem}',
    hint: 'Run "sophia {command} --help" for what it takes.',
    exitCode: 2,
    status: 400,
    explain: 'An option or argument is unknown, missing, repeated or has a value of the wrong form. Nothing was run.',
  },
  UNKNOWN_COMMAND: {
    title: 'There is no command "{name}"{suggestion}',
    hint: 'Run "sophia" to see all commands.',
    exitCode: 2,
    status: 400,
    explain: 'The first words of the command line name a command. Nothing was run.',
  },
  CONFIG_INVALID: {
    title: '{file}:{line}:{column}: {problem}',
    hint: 'Mend the line; every key is described in schemas/sophia.schema.json.',
    exitCode: 2,
    status: 400,
    explain:
      'sophia.yaml is strict YAML 1.2: an unknown key, a wrong type, a duplicate key, a name that leads nowhere or a literal secret is an error, so that a typo cannot switch a check off. All that is wrong with the file is told at once, and nothing was run.',
  },
  CONFIG_NOT_FOUND: {
    title: 'There is no configuration file at {path}',
    hint: 'Give an existing file to --config, or leave the option out.',
    exitCode: 2,
    status: 400,
    explain: 'A file named by --config or SOPHIA_CONFIG must exist. The default, sophia.yaml, may be absent.',
  },
  CONFIG_UNREADABLE: {
    title: 'The configuration {path} cannot be read: {reason}',
    hint: 'Make it a regular file that you may read, or name another one with --config.',
    exitCode: 2,
    status: 400,
    explain:
      'sophia.yaml is a directory, a pipe, a device, a link that leads nowhere, far too large, or not readable by you. Nothing was run.',
  },
  LANGUAGE_UNKNOWN: {
    title: 'There is no language "{name}"{suggestion}',
    hint: 'Known are {known}.',
    exitCode: 2,
    status: 400,
    explain: 'No file can be of a language that no scanner reads: the answer would be empty, and say nothing. Nothing was searched.',
  },
  GLOB_INVALID: {
    title: 'The glob "{glob}" {problem}',
    hint: 'Write it as in .gitignore: *, ?, [a-z], ** for any folders, alternatives in braces; a special character is written behind a backslash.',
    exitCode: 2,
    status: 400,
    explain:
      'A glob that can match nothing, or that stands for thousands of others, is more likely a mistake than a wish. Nothing was searched or indexed.',
  },
  NOT_A_DIRECTORY: {
    title: '{path} is not a directory that can be read{reason}',
    hint: 'Give the path of an existing directory.',
    exitCode: 2,
    status: 400,
    explain: 'The command works on a directory: it does not exist, is a file, or may not be read.',
  },
  TOOL_MISSING: {
    title: '{tool} was not found on this machine',
    hint: '{mend}',
    exitCode: 2,
    status: 500,
    explain: 'A program the command needs is not installed or not on the PATH.',
  },
  TOOL_FAILED: {
    title: '{tool} failed: {reason}',
    hint: 'Run the same command by hand to see more: {command}',
    exitCode: 3,
    status: 502,
    explain: 'A program that the command started ended with an error it could not handle.',
  },
  GIT_UNTRUSTED: {
    title: 'git does not trust the repository at {path}: {reason}',
    hint: '{mend}',
    exitCode: 4,
    status: 403,
    explain:
      'git reads no repository that belongs to another user, because its configuration could start programs. If you trust it, say so with the command of the hint.',
  },
  REGEX_INVALID: {
    title: 'The regular expression is not valid: {reason}',
    hint: 'Mend the pattern (syntax: https://docs.rs/regex), or search for the text itself with --mode literal.',
    exitCode: 2,
    status: 400,
    explain: 'The pattern was given to ripgrep, which refused it with these words. Nothing was searched.',
  },
  SEARCH_REFUSED: {
    title: 'ripgrep refused the search: {reason}',
    hint: 'Check the globs and the language, or search for less text.',
    exitCode: 2,
    status: 400,
    explain: 'A glob or a file type is not one that ripgrep knows, or the pattern is too long. Nothing was searched.',
  },
  NOT_INDEXED: {
    title: 'There is no index in {path} or above it',
    hint: 'Run "sophia index" there first.',
    exitCode: 3,
    status: 404,
    explain: 'Searching and mapping answer from .sophia/context.db, which "sophia index" writes into the directory it indexes.',
  },
  STORE_CORRUPT: {
    title: 'The index {path} is damaged: {reason}',
    hint: 'Run "sophia index --full" to build it anew; nothing else is kept in it.',
    exitCode: 3,
    status: 500,
    explain:
      'The SQLite file was cut, overwritten or is no database. "sophia index" notices and rebuilds it by itself; reading commands only say so.',
  },
  STORE_NEWER: {
    title: 'The index {path} was written by a newer sophia (schema {found}, this one knows {known})',
    hint: 'Use the newer version, or delete the file and run "sophia index" again.',
    exitCode: 2,
    status: 500,
    explain: 'An index of an older schema is rebuilt by itself; one of a newer schema is left alone, since another version still uses it.',
  },
  STORE_FULL: {
    title: 'No room to write the index {path}: {reason}',
    hint: 'Make room on the disk and run the command again; the former index is intact.',
    exitCode: 3,
    status: 507,
    retryable: true,
    explain: 'The disk or the quota is full. The index is written in one transaction, so what was there before still answers.',
  },
  STORE_UNAVAILABLE: {
    title: 'The index {path} cannot be opened or written: {reason}',
    hint: 'Check that the folder exists and that you may write there.',
    exitCode: 4,
    status: 500,
    explain: 'The file or its folder is missing, read-only, or belongs to someone else.',
  },
  STORE_BUSY: {
    title: 'The index {path} is being written by another process: {reason}',
    hint: 'Wait for the other run to end, or use --wait.',
    exitCode: 3,
    status: 503,
    retryable: true,
    explain: 'One run writes the index at a time. Searching is possible meanwhile.',
  },
  NET_REFUSED: {
    title: 'Nothing listens at {url} ({reason})',
    hint: 'Check the address and port, and that the service is started.',
    exitCode: 3,
    status: 502,
    retryable: true,
    explain: 'The host answered that no program listens on that port.',
  },
  NET_TIMEOUT: {
    title: 'No answer from {url} in time ({reason})',
    hint: 'Try again, or look at the service: it accepted the connection or not even that.',
    exitCode: 3,
    status: 504,
    retryable: true,
    explain: 'The connection, the headers or the body took longer than allowed.',
  },
  NET_UNREACHABLE: {
    title: 'Could not talk to {url} ({reason})',
    hint: 'Check the name, the network and any proxy.',
    exitCode: 3,
    status: 502,
    retryable: true,
    explain: 'The name could not be resolved, the host not be reached, or the connection broke.',
  },
  HTTP_TOO_LARGE: {
    title: 'The answer of {url} is larger than {limit} bytes',
    hint: 'Is this the right address?',
    exitCode: 3,
    status: 502,
    explain: 'Answers are read up to a limit, so that a wrong address cannot fill the memory.',
  },
  SERVICE_URL_INVALID: {
    title: 'This is no address for a context service: {problem}',
    hint: 'Give it like https://context.example.com; a token comes from the environment.',
    exitCode: 2,
    status: 400,
    explain:
      'Tokens and source code go to this address: so only https, or plain http on this machine, and nothing in the URL that would be written to a log. Nothing was run.',
  },
  SERVICE_TOKEN_INVALID: {
    title: '{variable} {problem}',
    hint: 'Set {variable} to the token that the service was started with; there is no flag for it.',
    exitCode: 2,
    status: 400,
    explain:
      'A context service on another machine asks for a token, which comes from the environment only: a list of processes shows flags. Nothing was run.',
  },
  SERVICE_REFUSED: {
    title: '{url} did not let this search in: {said}',
    hint: 'Check {variable}: is it the token of this service, and has it not been replaced?',
    exitCode: 4,
    status: 403,
    explain: 'The service answered 401 or 403: it does not know the token, or the token may not do this.',
  },
  SERVICE_UNAVAILABLE: {
    title: '{url} cannot answer now: {said}',
    hint: 'Try again later, or look at the service.',
    exitCode: 3,
    status: 503,
    retryable: true,
    explain:
      'The service answered that it is overloaded or broken (408, 429 or 5xx), or changed all the time while it was read. Its time to wait (Retry-After) is kept, up to half a minute.',
  },
  SERVICE_REJECTED: {
    title: '{url} does not take this request: {said}',
    hint: 'Mend what the service names; if it is not yours, the service and this sophia are of different versions.',
    exitCode: 2,
    status: 422,
    explain: 'The service understood the request and refused it with a code of its own, such as REGEX_INVALID or PARAM_INVALID.',
  },
  SERVICE_BAD_ANSWER: {
    title: '{url} did not answer like a context service: {reason}',
    hint: 'Is this the address of a context service? docs/context-service.md says what it answers.',
    exitCode: 3,
    status: 502,
    explain:
      'The answer was a redirect, a page for people, no JSON, or not of the agreed shape, so nothing can be concluded from it. Redirects are not followed: they could carry a token to a stranger.',
  },
  PUSH_REFUSED: {
    title: '{url} did not let this push in: {said}',
    hint: 'Check {variable}: is it the token of this service, and may it write to the index?',
    exitCode: 4,
    status: 403,
    explain:
      'The service answered 401 or 403 to a push: it does not know the token, or the token may only read. The index on this machine is complete.',
  },
  PAYLOAD_TARGET_INVALID: {
    title: '{path} cannot take the payload: {problem}',
    hint: 'Give a file, such as payload.json or proofs/context_index/payload.json.',
    exitCode: 2,
    status: 400,
    explain:
      'A payload is written as a regular file in a folder that exists, or as a view below proofs/, which lies in exactly one folder. Nothing was run.',
  },
  PAYLOAD_NOT_WRITTEN: {
    title: 'The payload {path} could not be written: {reason}',
    hint: 'Make room or give another place; what was in the file before is still there.',
    exitCode: 3,
    status: 507,
    explain: 'The disk is full, or the folder may not be written. The index itself is complete.',
  },
  GITHUB_UNREACHABLE: {
    title: 'No answer from GitHub at {url}: {reason}',
    hint: 'Check the network and any proxy, and GITHUB_API_URL where GitHub is not github.com.',
    exitCode: 3,
    status: 502,
    retryable: true,
    explain:
      'The name could not be resolved, the host not be reached, the connection broke, or the whole answer did not come in time. What GitHub would have said is not known.',
  },
  GITHUB_API_URL_INVALID: {
    title: 'GITHUB_API_URL is no address for a token: {problem}',
    hint: 'Give it like https://api.github.com or https://github.example.com/api/v3, or leave it out.',
    exitCode: 2,
    status: 400,
    explain:
      'A token goes to this address: so only https, or plain http on this machine, and nothing in the URL that would be written to a log. Nothing was asked.',
  },
  GITHUB_TOKEN_INVALID: {
    title: 'GITHUB_TOKEN holds a space, a line break or a character that no header can carry',
    hint: 'Set it to the token alone; there is no flag for it.',
    exitCode: 2,
    status: 400,
    explain: 'Nothing was asked. The value is not repeated here, since most of it may be a real token.',
  },
  GITHUB_LIMITED: {
    title: 'GitHub answers no more requests for now{until}',
    hint: 'Run it again later; a request with a token counts against a larger limit than one without.',
    exitCode: 3,
    status: 429,
    retryable: true,
    explain: 'GitHub counts requests an hour and refuses those above its limit. What it would have said is not known.',
  },
  GITHUB_DENIED: {
    title: 'GitHub does not let this token {what}: {said}',
    hint: 'Give the job the permission ("permissions: issues: write" for incidents), or set GITHUB_TOKEN to a token that has it.',
    exitCode: 4,
    status: 403,
    explain:
      'GitHub answered 401, 403 or 404: it does not know the token, the token may not do this, or there is no such repository, which it does not tell apart.',
  },
  GITHUB_BAD_ANSWER: {
    title: 'GitHub did not answer as documented to {what}: {reason}',
    hint: 'Is GITHUB_API_URL the address of the API, such as https://github.example.com/api/v3, and has the repository been renamed?',
    exitCode: 3,
    status: 502,
    explain:
      'The answer was a redirect, an error of the server, a page for people, or not of the documented shape, so nothing can be concluded from it. Redirects are not followed.',
  },
  SECRETS_DENIED: {
    title: 'GitHub does not list the secrets of {place}: {said}',
    hint: 'Set GITHUB_TOKEN to a token with "Secrets: read" (fine-grained; for an organization "Organization secrets: read"). The own token of a workflow cannot list secrets, whatever its permissions: give it another one, or "gh secret list --json name,updatedAt | sophia secrets audit --listing -".',
    exitCode: 4,
    status: 403,
    explain:
      'GitHub answered 401, 403 or 404: it does not know the token, the token may not read the names of secrets, or there is no such place, which it does not tell apart. Nothing is known about the secrets. Values are never asked for.',
  },
  SECRETS_LISTING_INVALID: {
    title: '{listing} is no listing of secrets: {problem}',
    hint: 'Make it with "gh secret list --json name,updatedAt".',
    exitCode: 2,
    status: 400,
    explain:
      'A listing is a JSON list of {name, updatedAt}, as the GitHub command line prints it, or {total_count, secrets: [{name, updated_at}]}, as the API answers. Anything else could leave secrets out unseen.',
  },
  REPOSITORY_UNKNOWN: {
    title: 'Nobody said which repository on GitHub: {reason}',
    hint: 'Give --repo OWNER/REPO, or set GITHUB_REPOSITORY.',
    exitCode: 2,
    status: 400,
    explain: 'Without the option and the variable it is the one of the remote "origin", where that is on a host of GitHub.',
  },
  OUTPUT_LOST: {
    title: 'The output could not be written: {reason}',
    hint: 'Make room where the output goes, and run the command again.',
    exitCode: 3,
    status: 507,
    explain:
      'The file that stdout leads to is on a full disk, or broken. The command did its work, and its proof is there; only what it had to say is lost.',
  },
  INTERRUPTED: {
    title: 'Stopped by {signal}',
    hint: 'Run the command again; nothing half-done is left behind.',
    exitCode: 3,
    status: 499,
    retryable: true,
    explain: 'The run was stopped from outside (Ctrl-C is SIGINT, exit 130; SIGTERM exits 143). Its proof says so.',
  },
  TIMEOUT: {
    title: 'Gave up after {seconds} s',
    hint: 'Give it more time with --timeout.',
    exitCode: 3,
    status: 504,
    retryable: true,
    explain: 'The run took longer than it was allowed to. Its proof says so and keeps what was found until then.',
  },
  VANISHED: {
    title: 'The run ended without a word: process {pid} is gone',
    hint: 'Run the command again; what the run did before it was ended is not known.',
    exitCode: 3,
    status: 500,
    retryable: true,
    explain:
      'The process was killed (SIGKILL, out of memory, a power cut) before it could write its proof. The mark of its start was found later, by publish, seal or freshness, and this proof stands in its place.',
  },
  INTERNAL: {
    title: 'A bug in sophia: {message}',
    hint: 'Please report it with the stack above and the output of "sophia --version".',
    exitCode: 3,
    status: 500,
    explain: 'Something happened that the code did not expect. The result is UNKNOWN: nothing can be concluded from the run.',
  },
  NODE_TOO_OLD: {
    title: 'sophia needs Node {needed}; this is {found}',
    hint: 'Install a newer Node, or run "npm ci" in a checkout: it brings one.',
    exitCode: 2,
    status: 500,
    explain:
      'SQLite with full-text search and TypeScript without a build are part of Node from these versions on. bin/sophia.js says this before anything else is loaded.',
  },
  ACTION_INPUT_INVALID: {
    title: 'The input "{input}" {problem}',
    hint: 'Mend the "with:" of the step; the README of the action lists its inputs.',
    exitCode: 2,
    status: 400,
    explain:
      'Inputs of an action are text. A boolean is true, True, TRUE, false, False or FALSE; a list has one item a line, or commas between them. Nothing was run.',
  },
  ACTION_NODE_MISSING: {
    title: 'There is no Node on the PATH of this runner; needed is {needed}',
    hint: 'Add a step with "uses: actions/setup-node" and "node-version: 24" before this one.',
    exitCode: 2,
    status: 500,
    explain: 'The actions run on the Node of the PATH, which self-hosted runners and container jobs often lack. Nothing was run.',
  },
  ACTION_NODE_TOO_OLD: {
    title: 'The Node of this runner is {found}; needed is {needed}',
    hint: 'Add a step with "uses: actions/setup-node" and "node-version: 24" before this one.',
    exitCode: 2,
    status: 500,
    explain: 'The actions run on the Node of the PATH, and this one cannot run sophia. Nothing was run.',
  },
  ACTION_BUILD_FAILED: {
    title: 'This ref of the actions has no bundle, and building it failed: {reason}',
    hint: 'Use a release of the actions: every release holds its bundle.',
    exitCode: 2,
    status: 500,
    explain:
      'The bundle dist/ is part of every release and of no other commit. On another ref the first step builds it once, in the folder of the action, with an empty environment.',
  },
  UNKNOWN_CODE: {
    title: 'There is no code "{code}"{suggestion}',
    hint: 'Run "sophia explain" for the list.',
    exitCode: 2,
    status: 400,
    explain: 'The argument of "sophia explain" is a code as printed with an error or a finding, for example CONFIG_INVALID or HTTP_STATUS.',
  },
  INPUT_UNREADABLE: {
    title: '{path} cannot be read: {reason}',
    hint: 'Give a plain file that you may read.',
    exitCode: 2,
    status: 400,
    explain:
      'A file named on the command line is missing, a directory, a pipe or a device, far too large, or not readable by you. Nothing was judged.',
  },
  JSON_REFUSED: {
    title: '{file}: {problem}',
    hint: 'Mend the file where it says; what is refused here, two readers could understand as two values.',
    exitCode: 2,
    status: 400,
    explain:
      'JSON has a canonical spelling only where every reader sees the same value: no key twice, no half of a surrogate pair, no byte order mark, valid UTF-8, no integer that a double rounds, no number that overflows, and no nesting that overflows a stack.',
  },
  KEYLESS_NO_IDENTITY: {
    title: 'There is no identity to sign with: {problem}',
    hint: 'In a workflow, give the job "permissions: id-token: write"; elsewhere put a token for the audience "sigstore" into SIGSTORE_ID_TOKEN.',
    exitCode: 2,
    status: 401,
    explain:
      'A keyless signature names who signed: an issuer vouches for it with a token (OpenID Connect). Without one nothing was sealed. A seal without --keyless needs none.',
  },
  KEYLESS_UNAVAILABLE: {
    title: 'The checkpoint could not be signed keyless: {reason}',
    hint: 'Run "sophia proofs seal --keyless" again later: it signs the checkpoint that is there.',
    exitCode: 3,
    status: 502,
    retryable: true,
    explain:
      "Sigstore's certificate authority (Fulcio) or its log (Rekor) refused, or could not be reached. The seal stands with the signature of a key, or none; the bundle is pending.",
  },
  REF_NOT_FOUND: {
    title: 'There is no commit {ref} to read proofs from: {reason}',
    hint: 'Name a branch, a tag or a commit that is in this repository; a branch of a remote is fetched first: git fetch origin sophia-proofs.',
    exitCode: 2,
    status: 404,
    explain: 'git does not know this name, or the directory is in no repository. Nothing is fetched to find out.',
  },
  PROOF_DOES_NOT_HOLD: {
    title: '{directory} does not hold: {count}',
    hint: 'Each finding names the file and what is wrong with it; restore the file from where it is whole, do not edit it.',
    exitCode: 5,
    status: 409,
    explain:
      'A proof, or a file that a proof vouches for, is not what was written: changed, renamed, missing, or contradicting itself. Files that no proof vouches for count as well.',
  },
  PROOF_NOT_FOUND: {
    title: 'There is no proof {reference} under {directory}',
    hint: 'Run "sophia proofs ls" for what is there. A proof is named by the first letters of its id, its path, "latest" or "latest:KIND".',
    exitCode: 2,
    status: 404,
    explain: 'The reference does not lead to a proof in this directory.',
  },
  PROOF_AMBIGUOUS: {
    title: '{reference} is the beginning of {count} proofs: {ids}',
    hint: 'Give more letters of the id.',
    exitCode: 2,
    status: 400,
    explain:
      'An id may be shortened as long as only one proof begins with it. Ids of runs within the same second share their first letters.',
  },
  LEDGER_SIGNED: {
    title: 'The ledger of {directory} is signed by {signer}, and is not continued without a signature',
    hint: 'Give the key with --key FILE or in SOPHIA_SIGNING_KEY.',
    exitCode: 2,
    status: 409,
    explain:
      'An unsigned checkpoint on top of a signed one would look as if the signature had been taken away, which is what someone who rebuilt the ledger would have to do. Nothing was sealed.',
  },
  LEDGER_ORIGIN_DIFFERS: {
    title: 'The ledger of {directory} is called {found}, but proofs.origin in the configuration says {expected}',
    hint: 'A ledger keeps its name, also in a fork or a moved folder: set proofs.origin to {found}, or take the line out.',
    exitCode: 2,
    status: 409,
    explain:
      'The origin is the first line of every checkpoint and stands in every seal proof. With another one nobody could tell this ledger from that of somebody else. Nothing was sealed.',
  },
  LEDGER_ORIGIN_SECRET: {
    title: 'What the ledger of {directory} is called holds the value of a variable that is named like a secret',
    hint: 'Set proofs.origin in sophia.yaml to a name without it, or rename the variable if it is no secret.',
    exitCode: 2,
    status: 409,
    explain:
      'Secrets are taken out of every proof, so a seal could not say which ledger it belongs to. The name comes from proofs.origin, else from the remote, else from the folder. Nothing was sealed.',
  },
  LEDGER_LOCKED: {
    title: 'The ledger of {directory} is being sealed by {holder}',
    hint: 'Wait for the other run to end, then run this again. The lock is {path}.',
    exitCode: 3,
    status: 503,
    retryable: true,
    explain: 'One run writes the ledger at a time. A lock whose process has ended is taken over by itself. Nothing was sealed.',
  },
  LEDGER_NOT_WRITTEN: {
    title: 'The ledger of {directory} could not be written: {reason}',
    hint: 'Mend the cause and run "sophia proofs seal" again: it finishes what was begun, and the checkpoint there is still holds.',
    exitCode: 3,
    status: 507,
    explain:
      'The disk is full, the folder is read-only, or part of the way there is a link. The checkpoint is written last, so until then the ledger is what it was before.',
  },
  LEDGER_FORBIDDEN: {
    title: 'You may not write the ledger of {directory}: {reason}',
    hint: 'Run this as a user who may write there, or make the folder writable.',
    exitCode: 4,
    status: 403,
    explain: 'Sealing writes into proofs/ and takes a lock in .sophia/ beside it. Nothing that vouches for the proofs was changed.',
  },
  SIGNING_KEY_INVALID: {
    title: '{source} cannot sign: {problem}',
    hint: '{mend}',
    exitCode: 2,
    status: 400,
    explain:
      'Checkpoints are signed with Ed25519: PEM as "sophia proofs keygen" writes it, a private file of OpenSSH without a passphrase, or the public file of a key that ssh-agent holds. The key itself is never shown.',
  },
  SIGNING_FAILED: {
    title: 'ssh-keygen did not sign: {reason}',
    hint: 'Is the key in the agent? "ssh-add -l" lists what it holds.',
    exitCode: 4,
    status: 403,
    explain:
      'Where the key is the public file of an OpenSSH key, "ssh-keygen -Y sign" asks the agent for the signature. Nothing was sealed.',
  },
  VKEY_INVALID: {
    title: '"{vkey}" is no key to verify with: {problem}',
    hint: 'Copy the whole line that "sophia proofs keygen" printed: NAME+8 HEX+BASE64.',
    exitCode: 2,
    status: 400,
    explain:
      'A vkey is the public half of a signing key with its name: "NAME+1f2e3d4c+AQ…". The eight digits follow from the rest, so that a mistyped one is seen.',
  },
  KEY_NOT_WRITTEN: {
    title: 'The key was not written to {path}: {reason}',
    hint: 'Choose a name that is not taken, in a folder that you may write; a key is never overwritten.',
    exitCode: 2,
    status: 409,
    explain: 'A signing key that is lost cannot be made again, so nothing that exists is replaced.',
  },
  AUDIT_NO_HISTORY: {
    title: '{path} has no history in git',
    hint: 'Leave --since-git out, or give a directory inside a clone that is not shallow.',
    exitCode: 2,
    status: 400,
    explain: 'What was changed after it was committed can only be told from the history of a repository.',
  },
  PROOF_KIND_INVALID: {
    title: '"{kind}" cannot be the kind of a proof: {problem}',
    hint: 'Choose a word like smoke or context_index.',
    exitCode: 2,
    status: 400,
    explain: "The kind is the first folder of a proof's path. ledger, archive, seal, compact and prune belong to the ledger.",
  },
  PROOF_NAME_INVALID: {
    title: '"{name}" cannot be the name of {what}: {problem}',
    hint: 'Choose another name.',
    exitCode: 2,
    status: 400,
    explain:
      'An attachment is named with a to z, 0 to 9, dot, _ and -, at most 64, and not .json. A view lies in one folder below proofs/, as in healthz/api.txt.',
  },
  PROOF_FILE_UNUSABLE: {
    title: '{path} cannot be kept with the proof: {reason}',
    hint: 'Name a file that is there when the program has ended; the program did run, and its proof says how it ended.',
    exitCode: 2,
    status: 400,
    explain:
      'A file of --attach or --view was not written by the program, is no plain file, is too large, or is no JSON object where the view ends in .json. Such a file is read after the program has ended.',
  },
  PROOF_NOT_WRITTEN: {
    title: 'The proof of this run could not be written: {reason}',
    hint: 'Mend the cause and run again; the result above stands, but there is no evidence of it.',
    exitCode: 3,
    status: 507,
    explain:
      'The disk is full, the folder is read-only, or the proof did not pass the check it would later be verified with. It never changes the exit code of the run itself.',
  },
  PROOF_TOO_LARGE: {
    title: "The {part} of this run's proof is {size} bytes, and at most {limit} are allowed",
    hint: 'Put the large part into an attachment; a proof holds what was judged.',
    exitCode: 3,
    status: 413,
    explain:
      'A proof is at most 256 KiB, its data at most 128 KiB, a view at most 32 MiB, so that a directory of many thousands can be verified in a second. Where a run found more, details give way, then findings are counted together, then views and data are left out: `truncated` names what is not whole, and all findings lie beside the proof. Only what cannot give way, such as a command line, ends here. It never changes the exit code of the run itself.',
  },
  PROOF_SECRET_REFUSED: {
    title: 'The proof was not written because it still held {secret} after redaction',
    hint: 'Find where the run prints the secret. A stub without its findings was written in place of the proof.',
    exitCode: 3,
    status: 500,
    explain:
      'The last thing before a proof is written is a search of its finished bytes for every known secret. A hit means that redaction was not enough, so nothing of the run is kept.',
  },
  ARCHIVE_NOT_WRITTEN: {
    title: 'The archive {path} could not be written: {reason}',
    hint: 'Mend the cause and run the command again; no proof was removed.',
    exitCode: 3,
    status: 507,
    explain:
      'An archive is written and read back before anything else is done with the proofs in it. The disk is full, the folder may not be written, or the disk gave back other bytes.',
  },
  ARCHIVE_NOT_VOUCHED: {
    title: 'No proof vouches for what was to be put away: {reason}',
    hint: 'Mend the cause and run the command again: it carries on with what is written; no proof was removed.',
    exitCode: 3,
    status: 507,
    explain:
      'Proofs are removed only after another proof says where they went: a "compact" proof has the digest of their archive, a "prune" proof the hash of each, and is sealed. That proof could not be written, or does not say all of it.',
  },
  PROOF_IMMUTABLE: {
    title: '{path} can never change, but is something else on the branch: {reason}',
    hint: 'Find out which of the two was changed ("git log -- {path}"): a proof is written once. Nothing was pushed.',
    exitCode: 5,
    status: 409,
    explain:
      'Proofs, their attachments and archives are written once and never again. The branch of the remote has other bytes at the same path, or a file where a folder belongs, so one of the two was tampered with.',
  },
  PUBLISH_NO_REPOSITORY: {
    title: '{path} is not in the work tree of a git repository: {reason}',
    hint: 'Run it in a clone. Without one, keep the files of this run: upload proofs/ with actions/upload-artifact.',
    exitCode: 2,
    status: 400,
    explain: 'Proofs are published by a commit, so there must be a repository to make it in. The files stay where they are.',
  },
  PUBLISH_NO_REMOTE: {
    title: 'There is no remote {remote}',
    hint: 'Add it ("git remote add {remote} URL") or name another with --remote. The files stay here; upload proofs/ with actions/upload-artifact to keep those of a runner.',
    exitCode: 3,
    status: 404,
    explain: 'The repository has no remote of that name, and the name is no URL or path. The files stay where they are.',
  },
  PUBLISH_BRANCH_UNKNOWN: {
    title: 'No branch is checked out, and {remote} has none to begin with',
    hint: 'Name one: --branch sophia-proofs, or "branch" in the section "proofs" of sophia.yaml.',
    exitCode: 2,
    status: 400,
    explain:
      'Proofs go to the branch that is checked out. HEAD is detached here, no workflow run names a branch, and the remote has no HEAD that leads to one.',
  },
  PUBLISH_DENIED: {
    title: '{remote} does not take the proofs: {reason}',
    hint: 'Give the job "permissions: contents: write", or credentials that may push. The files stay here; upload proofs/ with actions/upload-artifact to keep those of a runner.',
    exitCode: 4,
    status: 403,
    explain:
      'The remote asked for credentials that are not there, or refused the branch and both inboxes: refs/sophia/inbox/ and refs/heads/sophia-inbox/. The files stay where they are.',
  },
  PUBLISH_UNREACHABLE: {
    title: '{remote} cannot be reached: {reason}',
    hint: 'Run it again when it can ("git ls-remote {remote}" tells). The files stay here; upload proofs/ with actions/upload-artifact to keep those of a runner.',
    exitCode: 3,
    status: 502,
    retryable: true,
    explain: 'There is no repository at that address, no network, or no answer in time. The files stay where they are.',
  },
  PUBLISH_CHANGED: {
    title: '{path} changed while it was being published',
    hint: 'Let nothing write there meanwhile, and run it again. Nothing was pushed.',
    exitCode: 3,
    status: 409,
    retryable: true,
    explain: 'What is pushed are the bytes that were verified. Between the two the file became another one, or went away.',
  },
  PUBLISH_OVERTAKEN: {
    title: 'Others pushed to {remote} each time in between: {reason}',
    hint: 'Run it again, or let one job seal with "sophia proofs seal --push": it takes up what others have pushed. The files stay here.',
    exitCode: 3,
    status: 409,
    retryable: true,
    explain:
      'A branch takes one push at a time. Proofs that lose the race wait in an inbox, but a ledger has one place only, so it was not pushed.',
  },
  LEDGER_FORKED: {
    title: 'The ledger in {directory} and the one of {remote} are not continuations of each other',
    hint: 'Keep the one of the branch: remove {directory}/ledger and the proofs of kind seal that only exist here, pull, and run "sophia proofs seal --push".',
    exitCode: 5,
    status: 409,
    explain:
      'Two seals were made without knowing of each other, or one of the ledgers was rewritten, or the one here would take the signature off. To push one over the other would make deleted evidence look normal. Nothing was pushed.',
  },
  LEDGER_BEHIND: {
    title: 'The ledger of {remote} has grown beyond the one in {directory}',
    hint: 'Pull first, or let "sophia proofs seal --push" seal upon the branch itself. Nothing was sealed or pushed.',
    exitCode: 3,
    status: 409,
    retryable: true,
    explain:
      'To seal here would begin a second continuation of the same ledger, and two of those can never be joined. A ledger has one place; with several writers that is the branch.',
  },
  INBOX_DOES_NOT_HOLD: {
    title: '{count} in the inbox of {remote} could not be taken in',
    hint: 'Each is named above. Look at it ("git fetch {remote} <ref>"), and delete the ref when you know how it came there.',
    exitCode: 5,
    status: 409,
    explain:
      'Commits wait in refs/sophia/inbox/ and refs/heads/sophia-inbox/ until a seal takes them in. One of them has a proof that does not hold, other bytes for a file that never changes, or files that no proof vouches for. It was left where it is; the others went on.',
  },
  PROOF_NOT_REMOVED: {
    title: '{path} could not be removed: {reason}',
    hint: 'Mend the permissions and run the command again: it carries on where it stopped. Until then both the file and what replaces it are there.',
    exitCode: 4,
    status: 403,
    explain:
      'Proofs that were archived or pruned are removed last, after all that vouches for them is written. The folder may not be written, or the disk is read-only.',
  },
  PROOF_NOT_SEALED: {
    title: '{path} is in no ledger',
    hint: 'Run "sophia proofs seal" first.',
    exitCode: 3,
    status: 409,
    explain: 'A tlog-proof says where a proof stands in the ledger. This one holds, but no checkpoint covers it yet.',
  },
  EXPORT_IMPOSSIBLE: {
    title: '{path} cannot be exported as {what}: {problem}',
    hint: 'Choose another form; "sophia proofs export --help" has them all.',
    exitCode: 3,
    status: 422,
    explain: 'Formats of others have no word for everything that a proof can say. What cannot be said truly is not said at all.',
  },
  EXPORT_TARGET_INVALID: {
    title: '{path} cannot take the exported log: {problem}',
    hint: 'Give a directory that is empty or not there yet, outside of the proofs, where you may write.',
    exitCode: 2,
    status: 400,
    explain:
      'Nothing is overwritten by an export, and no file that is not a proof may lie among the proofs. A directory without a checkpoint, which comes last, is no log yet.',
  },
} as const satisfies Record<string, Entry>;

export type ErrorCode = keyof typeof CATALOGUE;

export const ERROR_CODES: readonly ErrorCode[] = Object.keys(CATALOGUE).sort() as ErrorCode[];

type Placeholders<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Placeholders<Rest> : never;

/** The words an error's title and hint ask for. */
export type ErrorDetails<Code extends ErrorCode> = {
  readonly [Name in Placeholders<(typeof CATALOGUE)[Code]['title'] | (typeof CATALOGUE)[Code]['hint']>]: string | number;
};

/** An error a user can act on. Anything else that is thrown is a bug. */
export class SophiaError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'SophiaError';
  readonly code: Code;
  readonly details: Readonly<Record<string, string | number>>;
  /** Several problems found at once, each with its place: `[{file, line, column, message}]`. */
  readonly errors: readonly JsonObject[];

  constructor(code: Code, details: ErrorDetails<Code>, options: { cause?: unknown; errors?: readonly JsonObject[] } = {}) {
    super(fill(CATALOGUE[code].title, details), options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.details = details;
    this.errors = options.errors ?? [];
  }

  get hint(): string {
    return fill(CATALOGUE[this.code].hint, this.details);
  }

  /** Of the process: 128 + the signal's number where one ended the run. */
  get exitCode(): number {
    if (this.code === 'INTERRUPTED') return this.details['signal'] === 'SIGTERM' ? 143 : 130;
    return exitCodeOfError(this.code);
  }
}

/** RFC 9457 problem details, the shape of an error everywhere. */
export interface Problem {
  readonly type: string;
  readonly code: ErrorCode;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly hint: string;
  readonly retryable: boolean;
  readonly errors: readonly JsonObject[];
}

/** Anything thrown, as a problem; what is not a SophiaError is a bug in ours. */
export function toProblem(thrown: unknown): Problem {
  const error = thrown instanceof SophiaError ? (thrown as SophiaError) : toInternal(thrown);
  const entry: Entry = describeError(error.code);
  return {
    type: `urn:sophia:error:${error.code}`,
    code: error.code,
    title: error.message,
    status: entry.status,
    detail: causesOf(error),
    hint: error.hint,
    retryable: entry.retryable ?? false,
    errors: error.errors,
  };
}

export function toInternal(thrown: unknown): SophiaError<'INTERNAL'> {
  const message = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return new SophiaError('INTERNAL', { message }, { cause: thrown });
}

export function exitCodeOfError(code: ErrorCode): number {
  return CATALOGUE[code].exitCode;
}

export function describeError(code: ErrorCode): Entry & { readonly code: ErrorCode } {
  return { code, ...CATALOGUE[code] };
}

/** The system's own code of an error ('ENOENT'), or null. */
export function systemCodeOf(thrown: unknown): string | null {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : null;
}

function fill(template: string, details: Readonly<Record<string, string | number>>): string {
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(details[name] ?? ''));
}

function causesOf(error: Error): string {
  const messages: string[] = [];
  let cause: unknown = error.cause;
  while (cause instanceof Error && messages.length < 8) {
    messages.push(cause.message);
    cause = cause.cause;
  }
  return messages.join(': ');
}
