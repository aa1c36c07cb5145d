// A request, and what is expected of its answer: `- {id: tree, get: /repo/tree, expect: {json: {$.entries: {type: array}}}}`.
import { described } from '../../shape.ts';
import { formOf } from '../fitting.ts';
import { captureFrom, captureShape } from '../http/capture.ts';
import { expectShape, judgeAnswer, looksAtBody, wantsJson, type Expectation } from '../http/expectation.ts';
import { METHODS, requestBodyShape, requestHeadersShape, requestPathShape, toQuestion, type Method } from '../http/request.ts';
import { compileSchema } from '../http/schema.ts';
import type { Inquiry, Unaskable } from '../inquiry.ts';
import { envNamesIn } from '../substitution.ts';
import { defineKind, type Entry, type Place, type Scope } from './kind.ts';

const fields = {
  get: described(requestPathShape, 'Asks for what is at this path of the service.'),
  head: described(requestPathShape, 'Asks for the headers alone.'),
  post: described(requestPathShape, 'Sends a POST request; it is not sent again once its body was.'),
  put: described(requestPathShape, 'Sends a PUT request.'),
  patch: described(requestPathShape, 'Sends a PATCH request.'),
  delete: described(requestPathShape, 'Sends a DELETE request.'),
  options: described(requestPathShape, 'Sends an OPTIONS request; what a browser asks with it is the check `cors`.'),
  headers: described(requestHeadersShape, 'Headers that are sent. Variables in them are secrets.'),
  body: described(requestBodyShape, 'What is sent: {json: …}, {text: …} or {form: {…}}.'),
  expect: described(expectShape, 'What is expected of the answer; without it a status of 2xx, and a body where it was a GET.'),
  capture: described(captureShape, 'Names for values at paths of the body: `${capture.NAME}` in checks that need this one.'),
};

const { fit, misfit } = formOf(fields);

export default defineKind({
  name: 'http',
  summary: 'A request over HTTP, and what is expected of its answer',
  keys: METHODS,
  fields,
  meaning,
  files: (entry) => {
    const schema = fit(entry)?.expect?.schema;
    return schema === undefined ? [] : [schema];
  },
  secretNames: ({ headers = null, body = null, ...rest }) => envNamesIn([headers, body, ...METHODS.map((method) => rest[method] ?? null)]),
  inquire,
});

type Report = (pointer: string, problem: string) => void;

function meaning(written: Readonly<Record<string, unknown>>, { hasUrl }: Scope, report: Report): void {
  const method = methodOf(written);
  if (method !== null && !hasUrl) report(`/${method}`, 'needs the url of its service, and there is none');
  const entry = fit(written);
  if (entry === null) return;
  const { body, expect = {}, capture = {} } = entry;
  if (body !== undefined && (method === 'get' || method === 'head')) report('/body', `cannot be sent with ${method}`);
  if (method === 'head' && looksAtBody({ expect, capture })) report('/expect', 'cannot say anything of a body: what answers head has none');
  if (expect.redirect !== undefined && entry.capture !== undefined)
    report('/capture', 'cannot be beside "redirect": the body of a redirect is not looked at');
}

async function inquire(given: Entry, place: Place): Promise<Inquiry | Unaskable> {
  const entry = fit(given);
  const method = entry === null ? null : methodOf(entry);
  if (entry === null || method === null) return misfit(given);
  const { expect = {}, capture = {} } = entry;
  const accept = wantsJson({ expect, capture }) ? 'application/json' : '*/*';
  const question = toQuestion({ ...entry, method: toUpper(method), path: entry[method] ?? '', accept }, place);
  if ('reason' in question) return question;
  const schema = expect.schema === undefined ? null : await compileSchema(expect.schema, place.fileText(expect.schema));
  if (schema !== null && 'reason' in schema) return schema;
  const expectation: Expectation = { method: question.method, url: question.url, expect, capture, schema, nowMs: place.nowMs };
  return {
    asks: [{ question, judge: (answer) => judgeAnswer(answer, expectation) }],
    capture: ([answer]) => captureFrom(answer?.http ?? null, capture),
  };
}

function methodOf(entry: Readonly<Record<string, unknown>>): Method | null {
  return METHODS.find((method) => Object.hasOwn(entry, method)) ?? null;
}

function toUpper<Word extends string>(word: Word): Uppercase<Word> {
  return word.toUpperCase() as Uppercase<Word>;
}
