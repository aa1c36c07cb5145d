// JSON Schema of `sophia help --json`: the machine-readable truth about the commands.

const text = { type: 'string' };
const optionalText = { type: ['string', 'null'] };

export const dataSchema = {
  type: 'object',
  required: ['commands', 'globals'],
  additionalProperties: false,
  properties: {
    commands: listOf({
      name: { ...text, description: 'As typed' },
      action: { ...optionalText, description: 'Folder below actions/; null where an action would make no sense' },
      noAction: { ...optionalText, description: 'Why there is no action' },
      summary: text,
      kind: { ...optionalText, description: 'Kind of the proof that each run leaves' },
      options: { ...listOf(optionFields()), description: 'Each is one input of the action, under the same name' },
      permissions: listOf({ scope: text, level: { enum: ['read', 'write'] }, reason: text }),
      outputs: listOf({ name: text, help: text }),
      exitCodes: listOf({ code: { type: 'integer' }, meaning: text }),
      examples: listOf({ command: text, does: text }),
    }),
    globals: listOf({ ...optionFields(), short: optionalText, input: optionalText }),
  },
};

function optionFields() {
  return {
    name: text,
    type: { enum: ['string', 'boolean', 'integer', 'number', 'duration', 'size', 'list', 'path'] },
    positional: { type: 'boolean' },
    required: { type: 'boolean' },
    choices: { type: ['array', 'null'], items: text },
    default: { type: ['string', 'number', 'boolean', 'null'] },
    env: { ...optionalText, description: 'The variable that gives the value when nothing else does' },
    secret: { type: 'boolean', description: 'Taken from the environment only; there is no flag' },
    value: optionalText,
    help: text,
  };
}

function listOf(properties: Readonly<Record<string, object>>) {
  return { type: 'array', items: { type: 'object', required: Object.keys(properties), additionalProperties: false, properties } };
}
