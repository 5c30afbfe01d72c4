// What is done with opened values, without the evaluator: it loads in a few milliseconds.
export { entriesOf, findProperty } from './find-property';
export { environmentVariablesOf, filesOf } from './process-environment';
export { assertRepresentable, renderDotenv, renderShell, UnrepresentableVariableError } from './shell';
export { renderFish, renderNushell, renderPowerShell, renderVariablesAsJson } from './variable-formats';
export { renderValue, VALUE_FORMATS } from './render';
export type { ValueFormat } from './render';
export { decodeValue, encodeValue } from './value-codec';
export { parsePropertyPath, PropertyPathError } from '../language/property-path';
export type { PathSegment } from '../language/property-path';
export type { ExportedValue } from '../values/exported-value';
