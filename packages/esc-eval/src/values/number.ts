/** A number as its decimal text: doubles would lose `1.0`, `1e5` and integers of twenty digits. */
export class EscNumber {
  constructor(readonly text: string) {}

  toJSON(): number {
    return Number(this.text);
  }

  toString(): string {
    return this.text;
  }
}
