// What an issue says. Every word of a stranger stands in a code span: there it is neither a mention, nor a link, nor HTML.
import { blocks, bold, code, duration, list, plural, visible } from '../../markdown.ts';
import type { Finding } from '../../outcome.ts';
import { durationMsOf, type Episode, type Sighting } from './episode.ts';

export interface Incident {
  readonly service: string;
  readonly episode: Episode;
  /** Of the service in the run at hand; secrets are out of them already. */
  readonly findings: readonly Finding[];
  /** Where the run can be looked at; null outside of a workflow. */
  readonly runUrl: string | null;
}

const MAX_FINDINGS = 20;
const MAX_SIGHTINGS = 30;
const MAX_TEXT = 300;

/**
 * Found again by this line. The key is of the configuration file, as one repository may hold several, and not of the repository's
 * name, which changes.
 */
export function markerOf(service: string, key: string): string {
  return `<!-- sophia:incident service=${service} key=${key} -->`;
}

export function titleOf(service: string): string {
  return `Incident: ${service} is not healthy`;
}

export function bodyOf(marker: string, incident: Incident): string {
  const { episode, findings } = incident;
  const bad = findings.filter(({ verdict }) => verdict === 'fail' || verdict === 'unknown' || verdict === 'blocked');
  return blocks(
    marker,
    headlineOf(incident),
    bad.length > 0 && `What the last run found:\n\n${list(shorten(bad.map(toItem), MAX_FINDINGS))}`,
    `Runs:\n\n${list(historyOf(episode))}`,
    'This text is written anew by every run, from the proofs: what people have to say belongs in a comment.',
  );
}

/** Null where nothing is worth a comment: the issue itself tells the rest. */
export function changeOf({ service, episode: { sightings }, runUrl }: Incident): string | null {
  const [before, now] = sightings.slice(-2);
  if (before === undefined || now === undefined || before.verdict === now.verdict) return null;
  return `${bold(service)} went from ${stateOf(before)} to ${stateOf(now)}, seen at ${now.startedAt}${linkTo(runUrl)}.`;
}

export function closingOf({ service, episode, runUrl }: Incident): string {
  const { sightings, recovery } = episode;
  const ms = durationMsOf(episode);
  const first = sightings[0]!.startedAt;
  if (ms === null || recovery === null) return `${bold(service)} is healthy again${linkTo(runUrl)}.`;
  const lasted = `It was not healthy for ${bold(duration(ms))}: from the run at ${first} to the one at ${recovery.startedAt}`;
  return `${bold(service)} is healthy again. ${lasted}${linkTo(runUrl)}.`;
}

/** Of an issue that no proof accounts for any more. */
export function closingWithoutProofs(service: string): string {
  return `${bold(service)} is healthy. No proof of the time before is left, so how long it was not cannot be told.`;
}

export function duplicateOf(number: number): string {
  return `Two runs opened an issue for the same incident at once: #${number} goes on.`;
}

function headlineOf({ service, episode, runUrl }: Incident): string {
  const { sightings, recovery } = episode;
  const last = sightings.at(-1)!;
  if (recovery !== null) return closingOf({ service, episode, findings: [], runUrl });
  const since = `since the run at ${sightings[0]!.startedAt}, ${plural(sightings.length, 'run')} in a row`;
  return `${bold(service)} is not healthy: ${stateOf(last)}, ${since}${linkTo(runUrl)}.`;
}

function historyOf({ sightings, recovery }: Episode): readonly string[] {
  const all = recovery === null ? sightings : [...sightings, recovery];
  const shown = all
    .slice(-MAX_SIGHTINGS)
    .map((each) => `${each.startedAt}: ${stateOf(each)}${each.proof === null ? '' : `, ${quote(`proofs/${each.proof}`)}`}`);
  return all.length > shown.length ? [`${plural(all.length - shown.length, 'earlier run')}, not shown`, ...shown] : shown;
}

function toItem({ check, verdict, code: word, reason }: Finding): string {
  return `${quote(check)} ${verdict}${word === undefined ? '' : ` ${quote(word)}`}: ${quote(reason)}`;
}

function shorten(items: readonly string[], limit: number): readonly string[] {
  return items.length <= limit ? items : [...items.slice(0, limit), `and ${items.length - limit} more`];
}

function stateOf({ verdict, code: word }: Sighting): string {
  return word === null ? quote(verdict) : `${quote(verdict)} (${quote(word)})`;
}

function linkTo(runUrl: string | null): string {
  return runUrl === null ? '' : ` ([the run](${runUrl}))`;
}

/** On one line, bounded, and nothing but itself. */
function quote(text: string): string {
  const line = visible(text);
  return code(line.length > MAX_TEXT ? `${line.slice(0, MAX_TEXT).toWellFormed()}…` : line);
}
