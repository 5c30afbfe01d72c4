// Parsing: declarations, what they name, and the faults of their texts
export { loadDeclaration as parseEnvironment } from './evaluation/load';
export type { LoadedDeclaration as ParsedEnvironment } from './evaluation/load';
export type * from './language/ast';

// Evaluating: check, open and rotate environments
export { checkEnvironment, ExportedEnvironment, openEnvironment, rotateEnvironment } from './environment';
export type { CheckOptions, EnvironmentOutcome, RotationResult } from './environment';
export type { EvaluationOptions } from './evaluation/operation';
export type { RotationOutcome, RotationPatch } from './functions/function';

// What the evaluator asks of its host
export type {
  Decrypter,
  EnvironmentLoader,
  EvaluationHost,
  ImportAuthorizer,
  ImportEdge,
  LoadedEnvironment,
  LoadOptions,
} from './evaluation/host';
export type {
  HostCallOptions,
  Provider,
  ProviderExecutionContext,
  ProviderOutput,
  Rotator,
} from './functions/provider';
export { ProviderFault } from './functions/provider';
export { secret, unknown } from './values/provider-output';
export { dataOfSchema, schemaOfData } from './values/schema-data';
export type { Schema } from './values/schema';
export { toData } from './values/data';

// Values
export type { Data } from './values/data';
export type { ExportedData, ExportedValue, Trace } from './values/exported-value';
export type { DataFormat } from './output/value-data';
export { EscNumber } from './values/number';
export { readJson } from './values/json-reader';
export { writeJson } from './values/json-writer';
export { entriesOf, findProperty } from './output/find-property';
export { plainData } from './output/plain-data';
export { textOfValue } from './output/text-of-value';

// Where values come from
export type { ImportStep } from './analysis/import-chains';
export type { Ingredient, Origin, OriginKind, Provenance } from './analysis/provenance';

// What programs get of an environment
export { environmentVariablesOf, filesOf } from './output/process-environment';
export type { ProcessVariable } from './output/process-environment';
export { pulumiConfigOf } from './output/pulumi-config';
export type { PulumiConfigNode, PulumiConfigValue } from './output/pulumi-config';
export { renderDotenv, renderShell, UnrepresentableVariableError } from './output/shell';
export { renderFish, renderNushell, renderPowerShell, renderVariablesAsJson } from './output/variable-formats';
export { renderValue, VALUE_FORMATS } from './output/render';
export type { ValueFormat } from './output/render';

// Rewriting texts: secrets at rest, new states of rotated secrets
export { decryptSecrets, encryptSecrets, SecretRewriteError } from './editing/secrets-at-rest';
export type { Encrypter } from './editing/secrets-at-rest';
export { reencryptSecrets, renewSecrets } from './editing/reencrypt';
export { findSecretCalls } from './editing/secret-calls';
export type { SecretCall } from './editing/secret-calls';
export { removeFromText, setInText } from './editing/edit-text';
export { openEnvelope, sealEnvelope } from './functions/envelope';
export { EditableDocument, EditError } from './editing/edit-document';
export { applyRotationPatches } from './editing/rotation-patches';
export { UnreadableDocumentError } from './editing/secret-calls';

// Texts and their faults
export { formatPropertyPath, parsePropertyPath, PropertyPathError } from './language/property-path';
export type { PathSegment } from './language/property-path';
export { formatCodeFrame } from './diagnostics/code-frame';
export { nearestName } from './diagnostics/nearest';
export { hasErrors } from './diagnostics/diagnostic';
export type { Diagnostic, FailedAccess, RelatedInformation, Severity } from './diagnostics/diagnostic';
export type { DiagnosticCode } from './diagnostics/codes';
export type { Position, Range } from './diagnostics/range';
