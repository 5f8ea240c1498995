import { type Document, type Entry, getLocation, InvalidKdlError, type Node, parse } from '@bgotink/kdl';
import { suggestion } from '../nearest.js';
import {
  PlaceTree,
  type PositionedText,
  positionAt,
  positioned,
  type Unreadable,
} from '../positioned-text.js';
import { type KdlFields, type KdlNode, WORKFLOW_NODES } from './kdl-nodes.js';

/** Reads a workflow specification in KDL 2 into the shape that the other syntaxes have. */
export function parseKdlSpec(text: string): PositionedText | Unreadable {
  const document = parseDocument(text);
  if ('message' in document) return document;
  try {
    const places = new PlaceTree(0);
    const fields = new FieldReader(WORKFLOW_NODES, places);
    fields.readAll(document.nodes);
    return positioned(text, { jobs: [], ...fields.value() }, places);
  } catch (error) {
    if (!(error instanceof KdlProblem)) throw error;
    return { position: positionAt(text, error.offset), message: error.message };
  }
}

function parseDocument(text: string): Document | Unreadable {
  try {
    return parse(text, { storeLocations: true });
  } catch (error) {
    // The library tells of everything that it cannot read, nesting without end too, with this error.
    if (!(error instanceof InvalidKdlError)) throw error;
    const [first = error] = error.flat();
    const { line = 1, column = 1 } = first.start ?? {};
    const reason = first.message.split('\n')[0] ?? '';
    return {
      position: { line, column },
      message: `no KDL: ${reason.replace(/ at (\d+:\d+|end of input)$/, '')}`,
    };
  }
}

class KdlProblem extends Error {
  constructor(
    readonly offset: number,
    message: string,
  ) {
    super(message);
  }
}

/** Collects what nodes and properties say about one object. */
class FieldReader {
  private readonly fields = new Map<string, unknown>();

  constructor(
    private readonly known: KdlFields,
    private readonly place: PlaceTree,
  ) {}

  value(): Record<string, unknown> {
    return Object.fromEntries(this.fields);
  }

  readAll(nodes: readonly Node[]): void {
    for (const node of nodes) this.read(node);
  }

  /** What stands on the node itself: the name, and properties. */
  readEntries(node: Node, named: boolean): void {
    const [name, second] = node.getArgumentEntries();
    if (name !== undefined && !named) throw new KdlProblem(offsetOf(name), `${node.getName()} has no name`);
    if (second !== undefined) {
      throw new KdlProblem(offsetOf(second), `${node.getName()} has one name: what is this?`);
    }
    if (name !== undefined) this.set('name', name.getValue(), offsetOf(node));
    for (const entry of node.getPropertyEntries()) {
      const key = entry.getName() ?? '';
      const kind = this.kindOf(key, offsetOf(entry));
      if (kind.is !== 'value') throw new KdlProblem(offsetOf(entry), `write ${key} in braces`);
      this.set(kind.key, entry.getValue(), offsetOf(entry));
    }
  }

  private read(node: Node): void {
    const kind = this.kindOf(node.getName(), offsetOf(node));
    switch (kind.is) {
      case 'value':
        this.set(kind.key, oneArgument(node), offsetOf(node));
        break;
      case 'list':
        this.append(kind.key, argumentsOf(node));
        break;
      case 'json':
        this.set(kind.key, jsonOf(node), offsetOf(node));
        break;
      case 'map':
        this.setMap(kind.key, node);
        break;
      case 'valueOrObject':
        if (node.hasArguments()) this.set(kind.key, oneArgument(node), offsetOf(node));
        else this.setObject(node, kind.key, kind.fields);
        break;
      case 'object':
        this.setObject(node, kind.key, kind.fields);
        break;
      case 'objects':
        this.appendObject(node, kind);
        break;
      default:
        kind satisfies never;
    }
  }

  private setMap(key: string, node: Node): void {
    const children = mapOf(node);
    this.set(key, Object.fromEntries(children.map((child) => [child.key, child.value])), offsetOf(node));
    const place = this.place.add(key, offsetOf(node));
    for (const child of children) place.add(child.key, child.offset);
  }

  private setObject(node: Node, key: string, known: KdlFields): void {
    const fields = new FieldReader(known, this.place.add(key, offsetOf(node)));
    fields.readEntries(node, false);
    fields.readAll(node.children?.nodes ?? []);
    this.set(key, fields.value(), offsetOf(node));
  }

  private appendObject(node: Node, kind: KdlNode & { is: 'objects' }): void {
    const items = this.itemsOf(kind.key);
    const place = this.place.add(kind.key, offsetOf(node)).add(items.length, offsetOf(node));
    const fields = new FieldReader(kind.fields, place);
    fields.readEntries(node, kind.named);
    fields.readAll(node.children?.nodes ?? []);
    items.push(fields.value());
  }

  private append(key: string, entries: readonly Entry[]): void {
    const items = this.itemsOf(key);
    for (const entry of entries) {
      this.place.add(key, offsetOf(entry)).add(items.length, offsetOf(entry));
      items.push(entry.getValue());
    }
  }

  private itemsOf(key: string): unknown[] {
    const items = (this.fields.get(key) ?? []) as unknown[];
    this.fields.set(key, items);
    return items;
  }

  private set(key: string, value: unknown, offset: number): void {
    if (this.fields.has(key)) throw new KdlProblem(offset, `${key} stands here twice`);
    this.fields.set(key, value);
    this.place.add(key, offset);
  }

  private kindOf(name: string, offset: number): KdlNode {
    const kind = Object.hasOwn(this.known, name) ? this.known[name] : undefined;
    if (kind !== undefined) return kind;
    const meant = suggestion(name, Object.keys(this.known));
    throw new KdlProblem(offset, `unknown node ${JSON.stringify(name)}${meant}`);
  }
}

function mapOf(node: Node): { key: string; value: unknown; offset: number }[] {
  const entries = node
    .getPropertyEntries()
    .map((entry) => ({ key: entry.getName() ?? '', value: entry.getValue(), offset: offsetOf(entry) }));
  const children = (node.children?.nodes ?? []).map((child) => ({
    key: child.getName(),
    value: oneArgument(child),
    offset: offsetOf(child),
  }));
  const [stray] = node.getArgumentEntries();
  if (stray !== undefined) throw new KdlProblem(offsetOf(stray), `write ${node.getName()} in braces`);
  const all = [...entries, ...children];
  const twice = all.find(({ key }, place) => all.findIndex((other) => other.key === key) < place);
  if (twice !== undefined) throw new KdlProblem(twice.offset, `${twice.key} stands here twice`);
  return all;
}

function oneArgument(node: Node): unknown {
  const [entry, second] = argumentsOf(node);
  if (entry === undefined) throw new KdlProblem(offsetOf(node), `${node.getName()} has no value`);
  if (second !== undefined) throw new KdlProblem(offsetOf(second), `${node.getName()} has one value only`);
  return entry.getValue();
}

function argumentsOf(node: Node): Entry[] {
  const [property] = node.getPropertyEntries();
  const [child] = node.children?.nodes ?? [];
  const stray = property ?? child;
  if (stray === undefined) return node.getArgumentEntries();
  throw new KdlProblem(offsetOf(stray), `${node.getName()} has values, and nothing else`);
}

function jsonOf(node: Node): unknown {
  const value = oneArgument(node);
  const wrong = (what: string) =>
    new KdlProblem(offsetOf(node), `${node.getName()} must be a string of JSON; ${what}`);
  if (typeof value !== 'string') throw wrong(`found ${JSON.stringify(value)}`);
  try {
    return JSON.parse(value) as unknown;
  } catch (error) {
    throw wrong((error as Error).message);
  }
}

function offsetOf(element: Node | Entry): number {
  return getLocation(element)?.start.offset ?? 0;
}
