import t from 'tap';
import { JOB_STATUSES } from '../../lib/wire/job-status.js';
import { openApiDocument } from '../../lib/wire/openapi.js';
import { ENVELOPES, MODELS, ROUTES } from './reference/routes.js';

interface Schema {
  type?: string;
  enum?: unknown[];
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  default?: unknown;
}

interface Content {
  content: Record<string, { schema: Schema }>;
}

interface Operation {
  parameters: { name: string; in: string; required: boolean; schema: Schema }[];
  requestBody?: Content;
  responses: Record<string, Content>;
}

const { paths } = openApiDocument('1') as unknown as { paths: Record<string, Record<string, Operation>> };

for (const [name, query, body, answer, codes] of ROUTES) {
  t.test(name, async (t) => {
    const [method = '', path = ''] = name.split(' ');
    const operation = paths[path]?.[method.toLowerCase()];
    if (operation === undefined) throw new Error('no such operation');
    const offered = operation.parameters
      .filter((parameter) => parameter.in === 'query')
      .map(({ name, required, schema }) => shownParameter(name, required, schema));
    for (const wanted of words(query)) t.ok(offered.includes(wanted), wanted);
    for (const code of words(codes)) t.ok(code in operation.responses, code);
    const { '200': done, '201': created } = operation.responses;
    if (answer.endsWith('Model') || answer.endsWith('Response'))
      t.same(lacking(schemaOf(done ?? created), ENVELOPES[answer] ?? answer), [], answer);
    if (MODELS[body] === undefined) return;
    const sent = schemaOf(operation.requestBody);
    t.same(lacking(sent, body), [], body);
    t.same(
      sent.required?.filter((field) => !requiredFields(body).includes(field)) ?? [],
      [],
      'needs no more',
    );
  });
}

/** `limit:int=10`, `workflow_id*:int` */
function shownParameter(name: string, required: boolean, schema: Schema): string {
  const start = schema.default === undefined ? '' : `=${schema.default}`;
  return `${name}${required ? '*' : ''}:${typeOf(schema)}${start}`;
}

/** What an answer or a body lacks of a model's fields, with their types; `[Model]` stands for a list of it. */
function lacking(schema: Schema, model: string): string[] {
  if (model.startsWith('[')) return lacking(schema.items ?? {}, model.slice(1, -1));
  const { properties = {} } = schema;
  const [, inner] = /^page of (\w+)$/.exec(model) ?? [];
  const fields = inner === undefined ? MODELS[model] : PAGE;
  if (fields === undefined) throw new Error(`${model} is not in the table`);
  const wrong = words(fields).filter((field) => {
    const [name = '', type = ''] = field.replace('*', '').split(':');
    const found = properties[name];
    return found === undefined || !isOfType(found, type);
  });
  return inner === undefined ? wrong : [...wrong, ...lacking(properties.items?.items ?? {}, inner)];
}

const PAGE = 'items:json[] offset:int max_limit:int count:int total_count:int has_more:bool';

function requiredFields(model: string): string[] {
  return words(MODELS[model] ?? '').flatMap((field) =>
    field.includes('*') ? [field.split('*')[0] ?? ''] : [],
  );
}

function isOfType(schema: Schema, type: string): boolean {
  const shown = typeOf(schema);
  if (type === 'json' || shown === type) return true;
  if (type.endsWith('[]')) return schema.type === 'array';
  return shown === 'json' && !['int', 'bool', 'str', 'float'].includes(type);
}

const TYPES: Readonly<Record<string, string>> = {
  ...{ integer: 'int', boolean: 'bool', string: 'str', number: 'float', array: 'list', object: 'json' },
};

/** The short name of a schema's type, without the null that some fields may have. */
function typeOf(schema: Schema): string {
  const inner = schema.anyOf?.find(({ type }) => type !== 'null') ?? schema;
  if (inner.enum !== undefined) return enumName(inner.enum);
  return TYPES[inner.type ?? ''] ?? 'json';
}

function enumName(values: readonly unknown[]): string {
  return values.length === JOB_STATUSES.length ? 'JobStatus' : 'ClaimJobsSortMethod';
}

function schemaOf(content: Content | undefined): Schema {
  return content?.content['application/json']?.schema ?? {};
}

function words(text: string): string[] {
  return text.split(' ').filter((word) => word !== '');
}
