/** The age library, which is an ES module and is loaded when a secret is first opened or written. */
export type Age = typeof import('age-encryption', { with: { 'resolution-mode': 'import' } });
export type { Identity, Recipient } from 'age-encryption' with { 'resolution-mode': 'import' };

let loading: Promise<Age> | undefined;

export function loadAge(): Promise<Age> {
  return (loading ??= import('age-encryption'));
}
