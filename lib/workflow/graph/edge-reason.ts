import { printable } from '../../printable.js';

/** Why one job waits for another: it says so, or it reads what the other one writes. */
export type EdgeReason =
  | { readonly kind: 'depends_on' }
  | { readonly kind: 'file'; readonly name: string }
  | { readonly kind: 'user_data'; readonly name: string };

/** `depends_on`, `file x`, `user data y`. */
export function reasonText(reason: EdgeReason): string {
  switch (reason.kind) {
    case 'depends_on':
      return 'depends_on';
    case 'file':
      return `file ${printable(reason.name)}`;
    case 'user_data':
      return `user data ${printable(reason.name)}`;
    default:
      return reason satisfies never;
  }
}
