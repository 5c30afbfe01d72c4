/** A parameter that an environment asks for. */
export interface ParameterReference {
  /** The key under `get`. */
  readonly key: string;
  /** Name or ARN, with `:<version>` or `:<label>` at its end if one is asked for. */
  readonly name: string;
  readonly isDecrypted: boolean;
}
