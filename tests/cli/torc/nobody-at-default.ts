import { Agent } from 'node:http';

/** Loaded before a program (`node --import`): nobody answers at the default port, whatever else runs on the machine. */
const DEFAULT_PORT = 8080;

/** Nobody listens there: it is reserved, and takes a privilege. */
const NOBODY = 1;

const { createConnection } = Agent.prototype;
Agent.prototype.createConnection = function (this: Agent, options, callback) {
  const port = Number(options.port) === DEFAULT_PORT ? NOBODY : options.port;
  return createConnection.call(this, { ...options, port }, callback);
};
