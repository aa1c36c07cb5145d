// What an index is asked for where a test has no wish of its own.
export const EVERYTHING = {
  isFull: false,
  historyLimit: 100,
  maxFileBytes: 1 << 20,
  include: [],
  exclude: [],
  shouldWait: false,
  threads: 1,
  isDryRun: false,
} as const;
