// `proofs.ignore`: globs for files that no proof vouches for and that nobody wants judged. `*` stays in a folder, `**` does not.

/** Paths relative to proofs/. */
export function createIgnore(globs: readonly string[]): (path: string) => boolean {
  const expressions = globs.map((glob) => new RegExp(`^${toSource(glob)}$`, 'u'));
  return (path) => expressions.some((expression) => expression.test(path));
}

function toSource(glob: string): string {
  return glob.replaceAll(/\*\*\/|\*\*|\*|\?|[^*?]/gu, (part) => {
    switch (part) {
      case '**/':
        return '(?:.*/)?';
      case '**':
        return '.*';
      case '*':
        return '[^/]*';
      case '?':
        return '[^/]';
      default:
        return /[\w/-]/u.test(part) ? part : `\\u{${part.codePointAt(0)?.toString(16) ?? ''}}`;
    }
  });
}
