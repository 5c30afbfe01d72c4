/** How a deployment shows what it is doing. Everything it is given has been redacted. */
export interface Reporter {
  /** A phase begins. */
  phase(title: string): void;
  /** A phase has ended well. */
  phaseDone(summary: string, milliseconds: number): void;
  note(text: string): void;
  warn(text: string): void;
  /** Output of a child, as it comes. */
  output(chunk: Uint8Array): void;
}
