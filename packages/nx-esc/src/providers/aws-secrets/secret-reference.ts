/** A secret that an environment asks for. */
export interface SecretReference {
  /** The key under `get`. */
  readonly key: string;
  /** Name, or ARN with or without the six characters at its end. */
  readonly secretId: string;
  readonly versionId?: string;
  readonly versionStage?: string;
}
