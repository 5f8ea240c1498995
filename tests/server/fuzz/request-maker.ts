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

/** Texts that mean something somewhere: names that exist, sizes, durations, columns. */
const USUAL_TEXTS = [
  'a',
  'b',
  'name',
  'id',
  'default',
  '1m',
  'PT1M',
  'host',
  'user@host:22',
  'local',
  'slurm',
  '[]',
];

/** Ids that are kept in mind. */
const IDS = 30;
const WORKFLOWS = 3;

/** Makes requests of an operation: most are as it wants them, with something wrong here and there. */
export class RequestMaker {
  /** Ids of what was there lately, beside the small ones; those of workflows apart. */
  private readonly ids: number[] = [1];
  private readonly workflows: number[] = [1];

  constructor(private readonly random: Random) {}

  /** Takes the id of what an answer is about, for later requests. */
  learn(answer: unknown): void {
    const { id } = (answer ?? {}) as { id?: unknown };
    if (typeof id === 'number') remember(this.ids, id, IDS);
  }

  learnWorkflow(id: number): void {
    remember(this.workflows, id, WORKFLOWS);
  }

  make(endpoint: Endpoint): MadeRequest {
    const { random } = this;
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
      const isWorkflow = name === 'workflow_id' || (name === 'id' && path.startsWith('/workflows/'));
      return encoded(isWorkflow ? this.workflow(0.05) : this.text(shapes[name] ?? {}, 0.05));
    });
  }

  private query(query: TObject): string {
    const { random } = this;
    const { properties = {}, required = [] } = query as Shape;
    const pairs: string[] = [];
    for (const [name, shape] of Object.entries(properties)) {
      const isWanted = random.chance(required.includes(name) ? 0.98 : 0.2);
      for (let count = isWanted ? 1 : 0; count > 0; count = random.chance(0.1) ? 1 : 0) {
        const text = name === 'workflow_id' ? this.workflow(0.1) : this.text(shape.items ?? shape, 0.1);
        pairs.push(`${name}=${encoded(text)}`);
      }
    }
    if (random.chance(0.05))
      pairs.push(`${encoded(random.pick(HOSTILE_TEXTS))}=${encoded(random.pick(HOSTILE_TEXTS))}`);
    return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
  }

  private workflow(hostility: number): string {
    const { random } = this;
    return random.chance(hostility) ? random.pick(HOSTILE_TEXTS) : String(random.pick(this.workflows));
  }

  private payload({ body }: Endpoint): string | undefined {
    const { random } = this;
    if (random.chance(0.05)) return random.pick(HOSTILE_BODIES);
    if (body === null) return random.chance(0.5) ? '{}' : undefined;
    return JSON.stringify(this.value(body, random.chance(0.5) ? 0 : 0.08));
  }

  private text(shape: Shape, hostility: number): string {
    const value = this.random.chance(hostility)
      ? this.random.pick(HOSTILE_TEXTS)
      : this.value(shape as TSchema, 0);
    return typeof value === 'string' ? value : JSON.stringify(value);
  }

  /** @param hostility how likely each value within is none of its type */
  private value(schema: TSchema, hostility: number): unknown {
    const { random } = this;
    if (random.chance(hostility)) return random.pick(HOSTILE_VALUES);
    const shape = schema as Shape;
    if (shape.anyOf !== undefined) return this.value(random.pick(shape.anyOf) as TSchema, hostility);
    if (shape.enum !== undefined) return random.pick(shape.enum);
    switch (shape.type) {
      case 'object':
        return this.model(shape, hostility);
      case 'array':
        return Array.from({ length: random.below(4) }, () => this.value(shape.items as TSchema, hostility));
      case 'string':
        return random.pick(USUAL_TEXTS);
      case 'boolean':
        return random.chance(0.5);
      case 'integer':
        return random.chance(0.4) ? random.pick(this.ids) : random.below(6);
      case 'number':
        return random.next() * 100;
      case 'null':
        return null;
      default:
        return random.pick(HOSTILE_VALUES);
    }
  }

  private model({ properties = {}, required = [] }: Shape, hostility: number): Record<string, unknown> {
    const { random } = this;
    const model: Record<string, unknown> = {};
    for (const [name, shape] of Object.entries(properties)) {
      const isWanted = required.includes(name) ? !random.chance(hostility / 4) : random.chance(0.4);
      if (!isWanted) continue;
      const isWorkflow = name === 'workflow_id' && !random.chance(hostility);
      model[name] = isWorkflow ? random.pick(this.workflows) : this.value(shape as TSchema, hostility);
    }
    if (random.chance(hostility)) model[random.pick(HOSTILE_TEXTS)] = random.pick(HOSTILE_VALUES);
    return model;
  }
}

/** The newest comes first; the oldest beyond a number are forgotten. */
function remember(ids: number[], id: number, most: number): void {
  ids.unshift(id);
  ids.length = Math.min(ids.length, most);
}

/** Lone surrogates have no encoding; UTF-8 replaces them. */
function encoded(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString());
}
