import { type CommandNode, commandMaker, programCommandMaker } from '../tree/command.js';
import type { Session } from './session.js';

/** Makes a command of `torc`. */
export const command = commandMaker<Session>();

/** Makes one that is about the commands of `torc` themselves. */
export const programCommand = programCommandMaker<Session>();

export type TorcNode = CommandNode<Session>;
