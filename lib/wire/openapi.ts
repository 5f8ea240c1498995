import { ALIASES } from './aliases.js';
import { API } from './api.js';
import { BASE_PATH, type Endpoint } from './endpoint.js';
import { EVENT_STREAM } from './events.js';

type Json = Record<string, unknown>;

const ERROR_MEANINGS: Readonly<Record<number, string>> = {
  400: 'The request is not of the form that this document describes',
  401: 'The server wants a name and a password, and these are not right',
  403: 'The workflow or group is not for this user',
  404: 'What the path or the body names is not there',
  409: 'It clashes with what is there',
  413: 'The body is too large',
  422: 'A value is wrong, or does not go with what is there',
  429: 'Too many failed attempts to log in',
  500: 'A mistake of the server',
};

/** What every operation may answer. */
const COMMON_ERRORS = [400, 401, 413, 429, 500] as const;

const ERROR_SCHEMA = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['message'],
      properties: { message: { type: 'string' }, field: { type: 'string' }, value: {} },
    },
  },
};

/** The REST API as an OpenAPI 3.1 document. */
export function openApiDocument(version: string): Json {
  const paths: Record<string, Json> = {};
  const add = (endpoint: Endpoint, tag: string, name: string, contentType = 'application/json') => {
    const path = paths[endpoint.path] ?? {};
    path[endpoint.method.toLowerCase()] = operation(endpoint, tag, name, contentType);
    paths[endpoint.path] = path;
  };
  for (const [group, endpoints] of Object.entries(API)) {
    for (const [name, endpoint] of Object.entries(endpoints as Record<string, Endpoint>))
      add(endpoint, group, name);
  }
  add(EVENT_STREAM, 'events', 'stream', 'text/event-stream');
  for (const { group, operation: of, endpoint } of ALIASES) {
    add(endpoint, group, `${of}_${endpoint.method.toLowerCase()}`);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Workflows of afterok', version },
    servers: [{ url: BASE_PATH }],
    security: [{}, { basic: [] }],
    paths,
    components: {
      schemas: { Error: ERROR_SCHEMA },
      securitySchemes: { basic: { type: 'http', scheme: 'basic' } },
    },
  };
}

function operation(endpoint: Endpoint, tag: string, name: string, contentType: string): Json {
  const { summary, params, query, body, status, response, errors } = endpoint;
  const codes = [...new Set([...COMMON_ERRORS, ...errors])].sort((a, b) => a - b);
  const answers = codes.map((code) => [code, { description: ERROR_MEANINGS[code], content: ERROR_CONTENT }]);
  return {
    operationId: `${tag}_${name}`,
    tags: [tag],
    summary,
    parameters: [...parameters('path', params), ...parameters('query', query)],
    ...(body === null ? {} : { requestBody: { required: true, content: { [JSON_TYPE]: { schema: body } } } }),
    responses: {
      [status]: { description: 'Done', content: { [contentType]: { schema: response } } },
      ...(Object.fromEntries(answers) as Json),
    },
  };
}

const JSON_TYPE = 'application/json';
const ERROR_CONTENT = { [JSON_TYPE]: { schema: { $ref: '#/components/schemas/Error' } } };

function parameters(place: 'path' | 'query', schema: Endpoint['query']): Json[] {
  const { properties, required } = schema as { properties: Json; required?: readonly string[] };
  return Object.entries(properties).map(([name, value]) => ({
    name,
    in: place,
    required: place === 'path' || (required?.includes(name) ?? false),
    schema: value,
  }));
}
