import { Type } from 'typebox';
import { endpoint } from './endpoint.js';

export const SYSTEM = {
  ping: endpoint({
    method: 'GET',
    path: '/ping',
    summary: 'Whether the server answers',
    response: Type.Object({ status: Type.String() }),
  }),
  health: endpoint({
    method: 'GET',
    path: '/health',
    summary: 'Whether the server can use its database',
    response: Type.Object({ status: Type.String() }),
  }),
  version: endpoint({
    method: 'GET',
    path: '/version',
    summary: "The server's version",
    response: Type.String(),
  }),
  openApi: endpoint({
    method: 'GET',
    path: '/openapi.json',
    summary: 'This document',
    response: Type.Unknown(),
  }),
};
