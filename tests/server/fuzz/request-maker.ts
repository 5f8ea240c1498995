import type { TObject, TSchema } from 'typebox';
import { BASE_PATH, type Endpoint } from '../../../lib/wire/endpoint.js';
import { HOSTILE_BODIES, HOSTILE_TEXTS, HOSTILE_VALUES } from './hostile.js';
import type { Random } from './random.js';

/** What a schema says, as far as values are made from it. */
interface Shape {
  type?: string;
  enum?: readonly unknown[];
  properties?: Record<string, Shape>;
  required?: readonly string[];
  items?: Shape;
  anyOf?: readonly Shape[];
}

export interface MadeRequest {
  method: string;
  url: string;
  payload?: string;
}

/** What a request is to be about, where it is not by chance: ids by collection, and what fields say. */
export interface Matter {
  ids: Readonly<Record<string, number>>;
  fields: Readonly<Record<string, unknown>>;
}

/** Texts that mean something in fields of any name, and in those of particular ones. */
const USUAL_TEXTS = ['a', 'b', 'name', 'id', 'default', 'host', 'local', 'slurm', 'job_job_dependencies'];
const TEXTS: Readonly<Record<string, readonly string[]>> = {
  memory: ['1m', '2g', '1000'],
  runtime: ['PT1M', 'P1D'],
  time_limit: ['PT1H'],
  rules: ['[]', '[{"exit_codes":[1]}]'],
  resource_monitor_config: ['{}'],
  slurm_defaults: ['{}'],
  role: ['member', 'admin'],
  user_name: ['ann', 'bob'],
  worker: ['user@host:22', 'host'],
  trigger_type: ['on_workflow_start', 'on_jobs_ready'],
  action_type: ['run_commands'],
};

/** Where ids in fields and parameters come from. */
const COLLECTION_OF_FIELD: Readonly<Record<string, string>> = {
  job_id: 'jobs',
  consumer_job_id: 'jobs',
  producer_job_id: 'jobs',
  depends_on_job_ids: 'jobs',
  compute_node_id: 'compute_nodes',
  group_id: 'access_groups',
  action_id: 'actions',
  resource_requirements_id: 'resource_requirements',
  scheduler_id: 'slurm_schedulers',
  failure_handler_id: 'failure_handlers',
  input_file_ids: 'files',
  output_file_ids: 'files',
  input_user_data_ids: 'user_data',
  output_user_data_ids: 'user_data',
};

/** The only items that are made below a workflow. */
const ACTIONS_PATH = '/workflows/{id}/actions';

/** Ids of a collection that are kept in mind. */
const REMEMBERED = 8;

/** Ids where none are known. */
const SMALL = [0, 1, 2, 3, 4, 5];

/** Makes requests of an operation: most are as it wants them, with something wrong here and there. */
export class RequestMaker {
  private workflow = 1;
  /** Ids of what was there lately, the newest first, by collection. */
  private readonly ids = new Map<string, number[]>();
  /** Those of the present request: its path and its body are about the same item mostly. */
  private chosen = new Map<string, number>();
  /** Words of the present request, such as the status of its path, which its body says again mostly. */
  private said = new Map<string, unknown>();

  constructor(private readonly random: Random) {}

  /** From now on requests are about this workflow, which has these items. */
  begin(workflow: number, items: Readonly<Record<string, number[]>>): void {
    this.workflow = workflow;
    this.ids.clear();
    for (const [collection, ids] of Object.entries(items)) this.ids.set(collection, ids);
  }

  /** Takes the id of what an answer is about, for later requests. */
  learn({ path }: Endpoint, answer: unknown): void {
    const { id } = (answer ?? {}) as { id?: unknown };
    if (typeof id !== 'number') return;
    const collection = path === ACTIONS_PATH ? 'actions' : collectionOf(path);
    if (collection === 'workflows') return;
    this.ids.set(collection, [id, ...(this.ids.get(collection) ?? [])].slice(0, REMEMBERED));
  }

  make(endpoint: Endpoint, { ids, fields }: Matter = { ids: {}, fields: {} }): MadeRequest {
    const { random } = this;
    this.chosen = new Map(Object.entries(ids));
    this.said = new Map(Object.entries(fields));
    const method = random.chance(0.02)
      ? random.pick(['GET', 'POST', 'PUT', 'DELETE', 'PATCH'])
      : endpoint.method;
    const payload = this.payload(endpoint);
    const url = BASE_PATH + this.path(endpoint) + this.query(endpoint.query);
    return { method, url, ...(payload === undefined ? {} : { payload }) };
  }

  private path({ path, params }: Endpoint): string {
    const shapes = params.properties as Record<string, Shape>;
    return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      const field = name === 'id' ? collectionOf(path) : name;
      return encoded(this.text(shapes[name] ?? {}, field, 0.03));
    });
  }

  private query(query: TObject): string {
    const { random } = this;
    const { properties = {}, required = [] } = query as Shape;
    const pairs: string[] = [];
    for (const [name, shape] of Object.entries(properties)) {
      const isWanted = random.chance(required.includes(name) ? 0.98 : 0.2);
      for (let count = isWanted ? 1 : 0; count > 0; count = random.chance(0.1) ? 1 : 0) {
        pairs.push(`${name}=${encoded(this.text(shape.items ?? shape, name, 0.1))}`);
      }
    }
    if (random.chance(0.05))
      pairs.push(`${encoded(random.pick(HOSTILE_TEXTS))}=${encoded(random.pick(HOSTILE_TEXTS))}`);
    return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
  }

  private payload({ body }: Endpoint): string | undefined {
    const { random } = this;
    if (random.chance(0.05)) return random.pick(HOSTILE_BODIES);
    if (body === null) return random.chance(0.5) ? '{}' : undefined;
    return JSON.stringify(this.value(body, '', random.chance(0.5) ? 0 : 0.08));
  }

  private text(shape: Shape, field: string, hostility: number): string {
    const value = this.random.chance(hostility)
      ? this.random.pick(HOSTILE_TEXTS)
      : this.value(shape as TSchema, field, 0);
    return typeof value === 'string' ? value : JSON.stringify(value);
  }

  /**
   * @param field whose value it is, or the collection of an id
   * @param hostility how likely each value within is none of its type
   */
  private value(schema: TSchema, field: string, hostility: number): unknown {
    const { random } = this;
    if (random.chance(hostility)) return random.pick(HOSTILE_VALUES);
    const shape = schema as Shape;
    if (shape.anyOf !== undefined) return this.value(random.pick(shape.anyOf) as TSchema, field, hostility);
    const { enum: words } = shape;
    if (words !== undefined) return this.again(field, () => random.pick(words));
    switch (shape.type) {
      case 'object':
        return this.model(shape, hostility);
      case 'array':
        return this.array(shape, field, hostility);
      case 'string':
        return random.pick(TEXTS[field] ?? USUAL_TEXTS);
      case 'boolean':
        return random.chance(0.5);
      case 'integer':
        return this.integer(field);
      case 'number':
        return random.next() * 100;
      case 'null':
        return null;
      default:
        return field === 'action_config' ? { commands: ['true'] } : random.pick(HOSTILE_VALUES);
    }
  }

  private integer(field: string): number {
    const { random } = this;
    if (random.chance(0.1)) return random.below(6);
    if (field === 'workflow_id' || field === 'workflows') return this.workflow;
    if (field === 'run_id') return this.again(field, () => random.below(2));
    const collection = COLLECTION_OF_FIELD[field] ?? field;
    const chosen = this.chosen.get(collection);
    if (chosen !== undefined && random.chance(0.9)) return chosen;
    const id = random.pick(this.ids.get(collection) ?? SMALL);
    this.chosen.set(collection, id);
    return id;
  }

  /** What the present request has said in this field before, mostly. */
  private again<T>(field: string, make: () => T): T {
    const said = this.said.get(field) as T | undefined;
    if (said !== undefined && this.random.chance(0.9)) return said;
    const value = make();
    this.said.set(field, value);
    return value;
  }

  private array({ items = {} }: Shape, field: string, hostility: number): unknown[] {
    const values = Array.from({ length: this.random.below(3) }, () =>
      this.value(items as TSchema, field === '' ? 'worker' : field, hostility),
    );
    return [...new Set(values)];
  }

  private model({ properties = {}, required = [] }: Shape, hostility: number): Record<string, unknown> {
    const { random } = this;
    const model: Record<string, unknown> = {};
    for (const [name, shape] of Object.entries(properties)) {
      const isWanted = required.includes(name) ? !random.chance(hostility / 4) : random.chance(0.4);
      if (isWanted) model[name] = this.value(shape as TSchema, name, hostility);
    }
    if (random.chance(hostility)) model[random.pick(HOSTILE_TEXTS)] = random.pick(HOSTILE_VALUES);
    return model;
  }
}

/** What the ids of a path are ids of: `jobs` of `/jobs/{id}/retry/{run_id}`. */
function collectionOf(path: string): string {
  return path.split('/')[1] ?? '';
}

/** Lone surrogates have no encoding; UTF-8 replaces them. */
function encoded(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString());
}
