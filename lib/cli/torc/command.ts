import { type CommandNode, commandMaker } from '../tree/command.js';
import type { Session } from './session.js';

/** Makes a command of `torc`. */
export const command = commandMaker<Session>();

export type TorcNode = CommandNode<Session>;
