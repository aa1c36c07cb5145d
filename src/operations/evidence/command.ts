// A program of the user's own, for a platform nobody here knows. It runs only where the command line allows it.
import { defineCollector } from './collector.ts';

export default defineCollector({
  kind: 'command',
  tools: ({ argv }) => argv.slice(0, 1),
  statusArgs: () => null,
  logArgs: ({ argv }) => argv.slice(1),
  logView: (_deploy, target) => `command/${target}_logs.txt`,
  judge: () => [],
});
