/** Two kinds of things that jobs hand on, as variables call them. */
export type VariableKind = 'files' | 'user_data';

/** `${files.input.NAME}`; the name may hold placeholders of parameters in braces. */
export const VARIABLE = /\$\{(files|user_data)\.(input|output)\.((?:[^{}]|\{[^{}]*\})+)\}/g;

/** A variable in a command. */
export interface Variable {
  kind: VariableKind;
  direction: 'input' | 'output';
  name: string;
}

/** Replaces the variables of a text by what `write` makes of them. */
export function replaceVariables(text: string, write: (variable: Variable) => string): string {
  return text.replace(VARIABLE, (_, kind: VariableKind, direction: Variable['direction'], name: string) =>
    write({ kind, direction, name }),
  );
}

/** `$i`, `${i}` or `$(…)` in a name: the shell will say which one is meant. */
const SHELL_EXPANSION = /\$(?:\w+|\{[^{}]*\}|\([^()]*\))/;

/** What a name that the shell completes may become; null for a name that is complete. */
export function shellCompleted(name: string): RegExp | null {
  if (!SHELL_EXPANSION.test(name)) return null;
  const parts = name.split(SHELL_EXPANSION).map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.+')}$`, 's');
}
