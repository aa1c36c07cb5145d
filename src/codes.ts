// The catalogue of what a finding may say in one word. Docs and `sophia explain` are made from it.
// What stops a run is in errors.ts; a few things can be either.

interface Entry {
  /** What was seen. */
  readonly title: string;
  /** What to do about it. */
  readonly hint: string;
  /** More for `sophia explain`: why it happens, what it means to the person on call. */
  readonly explain: string;
}

const FINDINGS = {
  NET_REFUSED: {
    title: 'Nothing listens at the address',
    hint: 'Check that the service is started, then the address and the port in sophia.yaml.',
    explain:
      'The host answered, and said that no program listens on that port: the process has ended, has not begun, or listens elsewhere.',
  },
  NET_UNREACHABLE: {
    title: 'The host could not be reached',
    hint: 'Check that the host is up, and the network and the routes between it and the machine that ran this.',
    explain:
      'Not even a refusal came back: there is no way to that address, or something on it said that there is none. The name itself was found.',
  },
  NET_RESET: {
    title: 'The connection was closed by the other side',
    hint: 'Look at the log of the service at that moment: a crash, a restart or a proxy in front of it closes connections like this.',
    explain:
      'The connection came about and the other side ended it before an answer was complete. A process that crashes on a request, is restarted, or runs out of memory does that; so does a proxy whose backend is gone. Asked again it may work, and is then flaky: the first attempt stays in the finding.',
  },
  NET_TIMEOUT_CONNECT: {
    title: 'No connection came about in time',
    hint: 'Check that the host is up and that no firewall drops the packets; then its address.',
    explain:
      'Nobody refused and nobody accepted: packets to that address vanish. Usually a firewall, a stopped machine, or a name that still leads to an old address. The limit is `connect_timeout`, for each address by itself.',
  },
  NET_TIMEOUT_TLS: {
    title: 'The TLS handshake did not end in time',
    hint: 'Look at what terminates TLS in front of the service: it accepted the connection and then said nothing.',
    explain:
      'The port is open, but the handshake did not end. An overloaded proxy does that, and a plain port that waits for the client to speak.',
  },
  NET_TIMEOUT_HEADERS: {
    title: 'The request was sent, and no answer began in time',
    hint: 'Look at what the service waits for: a database, a lock, another service. If it may take so long, raise `timeout`.',
    explain:
      'The connection stands, the request was sent, and not one byte came back. The process accepts work and does not finish it, which people feel as a page that never loads.',
  },
  NET_TIMEOUT_BODY: {
    title: 'The answer began and did not end in time',
    hint: 'Look at what the body is made of and who sends it; if it may take so long, raise `timeout`.',
    explain:
      'The headers came and the body did not come to its end. One deadline holds for the whole answer, so a server that sends a byte now and then cannot keep a check waiting for ever.',
  },
  DNS_NOT_FOUND: {
    title: 'There is no such name',
    hint: 'Check the spelling in sophia.yaml, then whether the record was removed or the domain has run out.',
    explain: 'The name servers answered that the name does not exist (NXDOMAIN). Nobody can reach the service by it, however well it runs.',
  },
  DNS_FAILED: {
    title: 'The name could not be looked up',
    hint: 'Ask again in a minute; if it stays, look at the name servers of the domain and at the resolver of this machine.',
    explain: 'The look-up ended with an error (SERVFAIL, a timeout) and not with an answer. Whether the name exists is not known.',
  },
  DNS_RECORD: {
    title: 'The name has other records than expected',
    hint: 'Compare the zone with sophia.yaml: one of the two is out of date.',
    explain:
      'The name exists, and its records are not those that the check asks for. After a move this is how traffic still goes to the old place.',
  },
  NO_CONTROL: {
    title: 'Nothing answered at all, so it may be this machine that has no network',
    hint: 'Check the network of the machine that ran this. Give `control:` an address that is up when your own network is.',
    explain:
      'A failure of the network counts against a service only where something else answered in the same run: an address of `control:`, another host, or a service on this machine. Nothing did, so the fault may be here. The verdict is unknown, never pass.',
  },
  TLS_EXPIRED: {
    title: 'The certificate has expired',
    hint: 'Renew the certificate now, and find out why it was not renewed by itself.',
    explain:
      'Every browser and every client refuses it from this moment on. Often the renewal did run, and the process still holds the old certificate in memory: reload it.',
  },
  TLS_NOT_YET_VALID: {
    title: 'The certificate is not valid yet',
    hint: 'Compare the clocks of both machines with the beginning of the certificate.',
    explain:
      'The certificate begins in the future. Either it was made on a machine whose clock is ahead, or the clock of this machine is behind.',
  },
  TLS_WRONG_HOST: {
    title: 'The certificate is for another host',
    hint: 'Get a certificate that names this host among its alternative names (SAN), or ask by the name that it is for.',
    explain:
      'The certificate is for other names. A common name alone does not count: browsers have not read it for years. Typical after a move behind a proxy, and where a default certificate is served for an unknown host.',
  },
  TLS_SELF_SIGNED: {
    title: 'The certificate is signed by itself',
    hint: 'Install a certificate of an authority, or name this one under `tls.ca` if it is meant to be so.',
    explain:
      'Nobody but the certificate itself vouches for it. A server that lost its configuration and made a certificate of its own looks like this, and so does somebody in between.',
  },
  TLS_UNTRUSTED: {
    title: 'The certificate is signed by nobody who is trusted here',
    hint: 'Serve the intermediate certificates as well, or name the authority under `tls.ca`.',
    explain:
      'There is no chain from this certificate to a root that this machine trusts. The most common reason is a missing intermediate certificate: browsers often have it from elsewhere, programs do not.',
  },
  TLS_OLD_PROTOCOL: {
    title: 'The server speaks only a version of TLS that is no longer safe',
    hint: 'Switch on TLS 1.2 and 1.3 where TLS is terminated.',
    explain: 'The server offers TLS 1.1 or older only. Current browsers and clients refuse that.',
  },
  TLS_NOT_TLS: {
    title: 'What answered does not speak TLS',
    hint: 'Check port and scheme: is this http:// on an https:// address?',
    explain:
      'What came as the first bytes is no TLS: plain HTTP, SSH or something else listens on that port. Where a proxy should terminate TLS, it does not.',
  },
  TLS_CLIENT_CERT: {
    title: 'The server wants a certificate of the client',
    hint: 'Ask on an address that is open to a probe, or by a check of the kind tls, which stops before it.',
    explain:
      'The server wants to know who is asking and refuses who shows no certificate. The probe has none, so nothing can be said about the service behind it.',
  },
  TLS_EXPIRES_SOON: {
    title: 'The certificate expires soon',
    hint: 'Renew it; automatic renewal should have done so by now.',
    explain:
      'The certificate is valid, and not for as long as `tls.min_days` (fail) or `tls.warn_days` (warn) ask for. Automatic renewal usually happens thirty days before the end: that it has not is the fault to look for.',
  },
  HTTP_STATUS: {
    title: 'The status is not the expected one',
    hint: 'Look at the body and at the log of the service at that moment. 401 and 403: check the token that is sent; 404: is the route deployed?',
    explain:
      'The service answered, with another status than `expect.status` (2xx where it says nothing). 502, 503 and 504 were asked again before this was said. A 200 where 401 is expected means that whoever comes gets in.',
  },
  HTTP_REDIRECT: {
    title: 'The answer sends the client elsewhere',
    hint: 'Check the address; if the redirect is meant, say so with `expect.redirect`.',
    explain: 'A redirect is never followed: a login page behind it answers 200 and looks healthy. Where it leads stands in the finding.',
  },
  HTTP_TYPE: {
    title: 'The media type is not the expected one',
    hint: 'Look at the body: a page for people instead of JSON is mostly an error page, a login page or the page of a proxy.',
    explain: 'The content-type is another one than expected, so it is not the thing that was asked for, whatever the status says.',
  },
  HTTP_HEADER: {
    title: 'A header is not as expected',
    hint: 'Look at what sets the header: the service, or a proxy in front of it.',
    explain: 'A header that `expect.headers` names is absent, has another value, or is there and should not be.',
  },
  HTTP_EMPTY: {
    title: 'The answer has no body',
    hint: 'Look at the log of the service: it answered and had nothing to say.',
    explain:
      'The status is one of success, and there is no body where one is expected. A handler that failed after the headers were sent does that, and `curl -f` calls it healthy.',
  },
  HTTP_TRUNCATED: {
    title: 'The answer broke off',
    hint: 'Look for a crash or a time limit of the service or of a proxy while the answer is written.',
    explain: 'Fewer bytes came than were announced, or the last chunk never came. Who reads only the status does not see it.',
  },
  HTTP_TOO_LARGE: {
    title: 'The body is larger than what is read of one',
    hint: 'Look at what the answer has become; if it may be so large, raise `max_body` under `defaults`.',
    explain:
      'Bodies are read up to a limit, so that an endless one cannot fill the memory. What was left out may hold anything, so nothing is judged by the beginning alone.',
  },
  HTTP_PROTOCOL: {
    title: 'What came is not valid HTTP',
    hint: 'Check port and address; otherwise look at the proxy or the server: it breaks HTTP.',
    explain:
      'What came cannot be read as HTTP: another protocol on that port, contradicting lengths, bytes after the end, or headers without end. Proxies understand such answers in different ways, which attackers use.',
  },
  HTTP_ENCODING: {
    title: 'The body is compressed in a way that cannot be undone',
    hint: 'Look at what compresses the answers; the probe asks for none (identity).',
    explain: 'The body says that it is compressed, and cannot be undone. Browsers show nothing at all in that case.',
  },
  HTTP_SLOW: {
    title: 'The answer took longer than expected',
    hint: 'Look at what takes the time: the phases in the finding say whether it is DNS, connecting, TLS, waiting or the body.',
    explain:
      'The answer is right, and took longer than `expect.time` allows. This is about one answer; how fast most are is an objective of latency (`slos:`).',
  },
  BODY_NOT_JSON: {
    title: 'The body is not JSON',
    hint: 'Look at the body in the finding: half a document, a page for people, or text before the JSON.',
    explain:
      'JSON is read strictly: two values for one key, NaN, a byte order mark, invalid UTF-8, something behind the end or a number that overflows are errors, because two readers would see two values.',
  },
  BODY_FIELD_MISSING: {
    title: 'An expected field is not there',
    hint: 'Compare the body with the check: either the answer has changed, or the path in sophia.yaml is wrong.',
    explain:
      'The path that `expect.json` names leads nowhere in this body. What is absent has no value, so no comparison with it can be true.',
  },
  BODY_TYPE: {
    title: 'A field has another type than expected',
    hint: 'Compare the body with the check: nothing is converted, so "3" is not 3.',
    explain: 'The field is there with another type: text for a number, null for a list. Programs that read it will stumble over that.',
  },
  BODY_VALUE: {
    title: 'A field has another value than expected',
    hint: 'Look at the expected and the observed value in the finding.',
    explain: 'The field is there, has the right type, and does not hold what `expect.json` asks for.',
  },
  BODY_TEXT: {
    title: 'The text is not as expected',
    hint: 'Look at the body in the finding.',
    explain: 'The text lacks what it should contain, contains what it should not, or a pattern does not match.',
  },
  BODY_SCHEMA: {
    title: 'The body does not keep to its schema',
    hint: 'Look at the place in the body that the finding names; the schema is the file under `expect.schema`.',
    explain:
      'The body is JSON and breaks a rule of its JSON Schema: a field is gone, has another form, or is new where nothing new is allowed.',
  },
  HEALTH_FAIL: {
    title: 'The service says that it is not healthy',
    hint: 'Look at the whole body of the health endpoint and at the log: the service itself says what is wrong.',
    explain: 'It answers, and calls itself one of the words in `health.fail`. A status of 200 does not help: the word counts.',
  },
  HEALTH_WARN: {
    title: 'The service says that it is degraded',
    hint: 'Look at the body of the health endpoint: something that the service needs is not as it should be.',
    explain: 'It answers, and calls itself one of the words in `health.warn`. It still works; nobody need be woken, somebody should look.',
  },
  HEALTH_NO_FIELD: {
    title: 'The answer does not say how the service is',
    hint: 'Set `health.at` to where the word stands, or let the service say it.',
    explain: 'There is an answer, and no word at `health.at`. Whether the service is well is not known, and unknown is not healthy.',
  },
  HEALTH_UNKNOWN_WORD: {
    title: 'The service uses a word for its health that nobody has given a meaning',
    hint: 'Put the word into `health.pass`, `health.warn` or `health.fail`.',
    explain: 'The service says a word that is in none of the three lists. To take it for healthy would be a guess.',
  },
  VERSION_OLD: {
    title: 'Another version answers than the expected one',
    hint: 'Look at the deployment: did it run, did it end, does traffic go to the new instances?',
    explain:
      'All answers name one commit, and not the expected one. The deployment did not take place, was rolled back, or something caches. Everything else that was seen is about the version that was there before.',
  },
  VERSION_MIXED: {
    title: 'Different versions answer by turns',
    hint: 'Wait for the rollout to end and ask again; if it stays, find the instances that were not replaced.',
    explain:
      'Fresh connections got answers of different commits: a rollout is half done, or some instances have not been replaced. Users get both.',
  },
  VERSION_NO_FIELD: {
    title: 'The answer does not say which version it is',
    hint: 'Set `version.at` or `version.header` to where the commit stands, or let the service say it.',
    explain: 'There is an answer, and it names no commit. Whether the deployed version runs is not known.',
  },
  VERSION_NO_EXPECTATION: {
    title: 'Nobody said which version is expected',
    hint: 'Give --expect-commit or SOPHIA_EXPECT_COMMIT; verify takes the commit that is checked out, smoke does not.',
    explain:
      'The service names its version, and nothing says which one it should be: no option and no variable. For verify the repository it runs in would do; what smoke finds checked out at night need not be what was deployed.',
  },
  VERSION_NOT_CONFIGURED: {
    title: 'The service has no version in sophia.yaml',
    hint: 'Add `version:` to the service, so that verify can compare what answers with what was deployed.',
    explain: 'Without it a deploy that changed nothing looks like one that worked: the old version answers just as well.',
  },
  READY_TIMEOUT: {
    title: 'The service was not ready in time',
    hint: 'Look at the last reason in the finding, and at the log of the start; if it may take longer, raise `ready.within` or --within.',
    explain:
      'After a deploy the service was asked until `ready.within` was over, and was never ready `ready.passes` times running. The rest of its checks are blocked, because they would be about a service that is not there yet.',
  },
  CORS_PREFLIGHT_STATUS: {
    title: 'The preflight request was not answered with a status of 2xx',
    hint: 'Let the service answer OPTIONS on that path with 204 and the headers of CORS.',
    explain:
      'Before a request of another origin browsers ask with OPTIONS. Any status but 2xx ends it there: the page sees an error of the network and no reason. Often the route is behind a login that refuses OPTIONS.',
  },
  CORS_NO_ORIGIN: {
    title: 'The answer grants no origin',
    hint: 'Let the service send access-control-allow-origin for this origin.',
    explain:
      'The header is absent, so browsers keep the answer from the page. Error pages of proxies lack it often, also where the service sends it.',
  },
  CORS_WRONG_ORIGIN: {
    title: 'The answer grants another origin',
    hint: 'Compare the origin in sophia.yaml with the list of the service: scheme, host and port must agree to the letter.',
    explain:
      'access-control-allow-origin names another origin than the one that asked. Browsers compare the whole of it; a trailing slash is enough to fail.',
  },
  CORS_WILDCARD_CREDENTIALS: {
    title: 'The answer grants every origin, which browsers refuse with credentials',
    hint: 'Let the service name the origin instead of `*`.',
    explain: 'With cookies or a login browsers do not accept `*`: not as an origin, not for methods, not for headers.',
  },
  CORS_METHOD: {
    title: 'The method is not granted',
    hint: 'Add the method to access-control-allow-methods.',
    explain: 'The answer to the preflight does not grant the method, so browsers never send the request.',
  },
  CORS_HEADERS: {
    title: 'A header is not granted',
    hint: 'Add the header to access-control-allow-headers.',
    explain:
      'The answer to the preflight does not grant a header that the page sends, so browsers never send the request. `*` does not cover authorization.',
  },
  CORS_CREDENTIALS: {
    title: 'Credentials are not granted',
    hint: 'Let the service send access-control-allow-credentials: true.',
    explain: 'The page asks with credentials, and without this header browsers keep the answer from it.',
  },
  CORS_FOREIGN_ALLOWED: {
    title: 'A foreign origin is granted',
    hint: 'Compare origins with a list; never send back the origin that asked, and never grant null.',
    explain:
      'An origin that has no business here was granted. A service that reflects any origin lets every page on the web read what a logged-in user may read. This is a hole, not a matter of style.',
  },
  CORS_NO_VARY: {
    title: 'The answer depends on the origin and does not say so',
    hint: 'Let the service send vary: Origin.',
    explain:
      'The answer is different for different origins, and a cache does not know it: it may give one origin the answer that was made for another.',
  },
  METRICS_NOT_METRICS: {
    title: 'What was served is no metrics document',
    hint: 'Look at what is served there: a page, an error, a login. Is the path right?',
    explain:
      'What came is no metrics document in any known format, so nothing of it is stored. A page saved as metrics is worse than none: somebody would believe it.',
  },
  METRICS_INVALID: {
    title: 'The metrics break the format they are in',
    hint: 'Look at the line and column in the finding.',
    explain:
      'The document breaks the rules of its format: no `# EOF` at the end, a family twice, a value that is no number. Readers that go on all the same lose what comes after, in silence.',
  },
  METRICS_INCONSISTENT: {
    title: 'The metrics contradict themselves',
    hint: 'Look at where the numbers are counted: two of them cannot both be true.',
    explain:
      'More errors than requests, a rate that is not errors by requests, a p95 below the p50, a negative counter, a histogram that does not add up. Which of them is wrong cannot be told from outside, so none is stored.',
  },
  METRICS_EMPTY: {
    title: 'The metrics document is empty',
    hint: 'Look at whether the service has registered its metrics.',
    explain: 'The document is there and says nothing.',
  },
  EVIDENCE_TOOL_MISSING: {
    title: 'The tool that knows about the deployment is not there',
    hint: 'Install the tool and log in, or give `deploy.optional` a reason.',
    explain:
      'flyctl, docker or kubectl is not on the PATH, or may not look. What the platform knows about the deployment is unknown, and so is the result.',
  },
  EVIDENCE_TIMEOUT: {
    title: 'The tool that knows about the deployment did not end in time',
    hint: 'Run the command of the finding by hand: does it wait for a login, or for a platform that does not answer?',
    explain: 'The tool was given half a minute and was then ended. What it said until then is kept; what it would have said is not known.',
  },
  EVIDENCE_FAILED: {
    title: 'The tool that knows about the deployment said nothing that can be read',
    hint: 'Run the command of the finding by hand; a newer version of the tool may write another form.',
    explain:
      'The tool ended, and its output is not what it is known to write. Its exit code is recorded and not believed: some of these tools say 1 for healthy apps and 0 for dead ones.',
  },
  EVIDENCE_MIXED_IMAGES: {
    title: 'Not all instances run the same image',
    hint: 'Wait for the rollout to end; if it stays, replace the instances that are left over.',
    explain: 'Some instances run one image and some another. The same seen from inside as VERSION_MIXED from outside.',
  },
  EVIDENCE_UNHEALTHY: {
    title: 'The platform does not call all instances healthy',
    hint: 'Look at the logs beside the proof: the platform says which instance is not well.',
    explain:
      'A machine or container is stopped, fails its own checks, or fewer run than are wanted. Requests may still be answered, by those that are left.',
  },
  SLO_BREACHED: {
    title: 'The error budget is spent',
    hint: 'Stop changes that can wait, and work on what the failing samples have in common.',
    explain: 'More samples of the window were bad than the target allows. The sum is in the finding, and a pocket calculator confirms it.',
  },
  SLO_AT_RISK: {
    title: 'The error budget is nearly spent, or may be',
    hint: 'Look at the last bad samples, and at the runs that are missing, before the budget is gone.',
    explain:
      'The objective still holds, and less than a quarter of its budget is left, or the true share of bad answers may be above the target, or the budget is going faster than it comes.',
  },
  SLO_INSUFFICIENT_DATA: {
    title: 'Too little was observed to say whether the objective is met',
    hint: 'Find out why runs or samples are missing; `coverage` names the days.',
    explain:
      'With the missing samples good the objective is met, with the missing ones bad it is not. Nobody can say which, so the answer is unknown. No samples at all is unknown, too.',
  },
  SLO_BURN: {
    title: 'The error budget is being spent too fast',
    hint: 'Look at what changed: at this speed the budget does not last to the end of the window.',
    explain:
      'A long and a short stretch of time both had so many bad samples that the budget goes too fast. Both have to agree, so that neither a blip nor something long over wakes anybody.',
  },
  SAMPLE_TAINTED: {
    title: 'A sample says nothing about latency, because this machine was busy',
    hint: 'Run smoke on a machine that has nothing else to do, or with a lower --concurrency.',
    explain:
      'While the sample was taken this process itself was late, so the time that was measured is partly its own. The sample counts for availability; for latency it is missing, not good.',
  },
  RUN_MISSING: {
    title: 'A planned run did not take place',
    hint: 'Look at the workflow of that day: switched off, failed before it began, or its proof was not published.',
    explain:
      '`schedule:` plans a run, and no proof of it is there. What was not observed counts as missing, which can cost the objective its verdict, never improve it.',
  },
  ENV_MISSING: {
    title: 'A variable that sophia.yaml names is not set',
    hint: 'Set it under GitHub Settings → Secrets → Actions and hand it to the step as `env:`; in a terminal, export it.',
    explain:
      '`${env.NAME}` in sophia.yaml names a variable that is not set, or is empty, as a secret is in a workflow of a fork. The check is not asked, because it would ask something else; the others go on.',
  },
  INCIDENT_NOT_WRITTEN: {
    title: 'The incident could not be written to GitHub',
    hint: 'Check that the job has "permissions: issues: write" and that GitHub answers.',
    explain:
      "The run's own verdict stands. Only the issue that should tell people of it was not opened, edited or closed; the next run tries again.",
  },
  SECRET_TOO_OLD: {
    title: 'The secret has not been changed for too long',
    hint: 'Make a new one where it comes from, put it in place of the old one, then revoke the old one.',
    explain:
      'The secret has had this value, as far as can be told, for longer than `secrets.max_age`. The time is that of the last update in GitHub: whether the value changed with it nobody can see.',
  },
  SECRET_AGEING: {
    title: 'The secret should be changed soon',
    hint: 'Plan its change; after `secrets.max_age` it is a failure.',
    explain: 'The secret is older than `secrets.warn_age`.',
  },
  SECRET_MISSING: {
    title: 'The secret is needed and not there',
    hint: 'Add it under GitHub Settings → Secrets → Actions, or take its name out of where it is used.',
    explain:
      '`secrets.required` or a workflow names it, and it is not in the listing. In a workflow such a secret is the empty text, and whatever uses it fails in its own way.',
  },
  SECRET_UNUSED: {
    title: 'The secret is there and nothing uses it',
    hint: 'Remove it, or say under `secrets.ignore` why it stays.',
    explain: 'No workflow of this repository names it. What nobody uses is only there to be stolen.',
  },
  NOTHING_TO_CHECK: {
    title: 'There is nothing to check',
    hint: 'Run "sophia init" for a first sophia.yaml, or add `services:` to the one that is there.',
    explain:
      'There is no sophia.yaml, it is empty, or it has no services. Nothing was looked at, so the result is UNKNOWN: green because nothing ran is the worst answer of all.',
  },
} as const satisfies { readonly [code: string]: Entry };

/** Closed: a finding of the checks has one of these. */
export type FindingCode = keyof typeof FINDINGS;

export const FINDING_CODES = Object.keys(FINDINGS) as readonly FindingCode[];

export function isFindingCode(code: string): code is FindingCode {
  return Object.hasOwn(FINDINGS, code);
}

export function describeFinding(code: FindingCode): Entry & { readonly code: FindingCode } {
  return { code, ...FINDINGS[code] };
}
