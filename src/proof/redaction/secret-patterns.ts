// What credentials of well-known services look like. One table for redaction and audit.

export interface SecretPattern {
  readonly id: string;
  /** One of these is in every match: a text without any is not searched. */
  readonly anchors: readonly string[];
  /** Global; matches only the secret itself, never the text that replaces it. */
  readonly expression: RegExp;
}

export const SECRET_PATTERNS: readonly SecretPattern[] = [
  {
    id: 'github',
    anchors: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_'],
    expression: /\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255})/g,
  },
  { id: 'slack', anchors: ['xox', 'xapp-'], expression: /\b(?:xox[a-z]|xapp)-[A-Za-z0-9-]{10,255}/g },
  {
    // A header's name must be there: "Basic " begins ordinary sentences.
    id: 'authorization',
    anchors: ['uthorization', 'UTHORIZATION'],
    expression:
      /(?<=\bauthorization\\?["']?[ \t]{0,4}[:=][ \t]{0,4}\\?["']?)(?:[A-Za-z][A-Za-z0-9-]{1,30}[ \t]{1,4})?(?=[A-Za-z._~+/=-]{0,4096}\d)[A-Za-z0-9._~+/=-]{16,4096}/gi,
  },
  {
    id: 'cookie',
    anchors: ['ookie:', 'OOKIE:', 'ookie"', 'OOKIE"'],
    expression: /(?<=\bcookie\\?["']?[ \t]{0,4}:[ \t]{0,4}\\?["']?)[^\s"'=;,[\]{}<>\\]{1,64}=[^\s"';<>\\]{8,4096}[^\r\n"'<>\\]{0,4096}/gi,
  },
  {
    id: 'slack-webhook',
    anchors: ['hooks.slack.com/'],
    expression: /(?<=hooks\.slack\.com\/)(?:services|workflows)\/[A-Za-z0-9/_-]{20,}/g,
  },
  { id: 'notion', anchors: ['ntn_', 'secret_'], expression: /\b(?:ntn_[A-Za-z0-9]{40,}|secret_[A-Za-z0-9]{43})/g },
  {
    id: 'fly',
    anchors: ['fm1', 'fm2_', 'fo1_'],
    expression: /(?:FlyV1 )?\b(?:fm1[ar]|fm2|fo1)_[A-Za-z0-9+/=_-]{20,}(?:,fm[12][ar]?_[A-Za-z0-9+/=_-]{20,})*/g,
  },
  { id: 'telegram', anchors: [':AA'], expression: /\b\d{8,10}:AA[A-Za-z0-9_-]{33}/g },
  { id: 'aws', anchors: ['AKIA', 'ASIA'], expression: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g },
  {
    id: 'google',
    anchors: ['AIza', 'ya29.', 'GOCSPX-'],
    expression: /\b(?:AIza[A-Za-z0-9_-]{35}|ya29\.[A-Za-z0-9_-]{20,}|GOCSPX-[A-Za-z0-9_-]{20,})/g,
  },
  { id: 'anthropic', anchors: ['sk-ant-'], expression: /\bsk-ant-[A-Za-z0-9_-]{20,}/g },
  { id: 'openai', anchors: ['sk-'], expression: /\bsk-(?!ant-)(?:[a-z]+-)?[A-Za-z0-9_-]{32,}/g },
  {
    id: 'jwt',
    anchors: ['eyJ'],
    // Behind a hyphen one may begin as well, but then each `eyJ-` of a long word is a beginning to try: those are tried briefly.
    expression: /(?:(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}|(?<=-)eyJ[A-Za-z0-9_-]{8,512})\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/g,
  },
  {
    id: 'private-key',
    anchors: ['PRIVATE KEY-----'],
    expression: /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  },
  { id: 'salesforce', anchors: ['00D'], expression: /\b00D[A-Za-z0-9]{12,15}![A-Za-z0-9._]{60,}/g },
  {
    id: 'url-userinfo',
    anchors: ['://'],
    expression: /(?<=\bhttps?:\/\/)[^\s/?#@"'<>\\[\]]+(?=@)|(?<=:\/\/)[^\s/?#@"'<>\\[\]:]*:[^\s/?#@"'<>\\[\]]+(?=@)/g,
  },
];
