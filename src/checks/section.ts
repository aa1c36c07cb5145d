// The parts of sophia.yaml that say what runs where, and what is asked of it.
import type { Json } from '../outcome.ts';
import { defineSection, defineValue } from '../section.ts';
import { literal } from '../shape.ts';
import { kindOf } from './sections/entry.ts';
import { meaningOfServices } from './sections/meaning.ts';
import { meaningOfControl, meaningOfDefaults, meaningOfObjectives, meaningOfOrigins } from './sections/settings.ts';
import {
  controlShape,
  defaultsFields,
  incidentsFields,
  objectivesShape,
  originsShape,
  scheduleFields,
  servicesShape,
} from './sections/shapes.ts';

export const versionSection = defineValue({
  name: 'version',
  summary: 'Of the format of this file',
  shape: literal(1),
  absent: 1,
});

export const defaultsSection = defineSection({
  name: 'defaults',
  summary: 'How to ask, where nothing else is said',
  fields: defaultsFields,
  meaning: meaningOfDefaults,
});

export const originsSection = defineValue({
  name: 'origins',
  summary: 'Names for the origins that `cors:` checks speak of',
  shape: originsShape,
  absent: {},
  meaning: meaningOfOrigins,
});

export const controlSection = defineValue({
  name: 'control',
  summary: 'What is up when our own network is, so that a failure of it can be told from a failure of a service',
  shape: controlShape,
  absent: [],
  meaning: meaningOfControl,
});

export const scheduleSection = defineSection({
  name: 'schedule',
  summary: 'Which runs are planned',
  fields: scheduleFields,
});

export const servicesSection = defineValue({
  name: 'services',
  summary: 'What runs where, and what is asked of it',
  shape: servicesShape,
  absent: {},
  meaning: meaningOfServices,
  secretNames: (services) => {
    const checks = Object.values(services).flatMap(({ checks: entries = [] }) => entries);
    return [...new Set(checks.flatMap((entry) => kindOf(entry)?.secretNames?.(entry satisfies Json) ?? []))];
  },
});

export const slosSection = defineValue({
  name: 'slos',
  summary: 'Objectives, and the error budgets that follow from them',
  shape: objectivesShape,
  absent: [],
  meaning: meaningOfObjectives,
});

export const incidentsSection = defineSection({
  name: 'incidents',
  summary: 'When `--issues` opens an issue on GitHub',
  fields: incidentsFields,
});
