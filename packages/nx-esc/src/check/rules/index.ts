import type { Rule } from '../rule';
import { crossEnvironmentValue } from './cross-environment-value';
import { dangerousVariable } from './dangerous-variable';
import { defaultEnvironment } from './default-environment';
import { deployCancelInProgress } from './deploy-cancel-in-progress';
import { deployTargetClash } from './deploy-target-clash';
import { differingType } from './differing-type';
import { envNotForwarded } from './env-not-forwarded';
import { environmentName } from './environment-name';
import { exposedCredential } from './exposed-credential';
import { finalOverride } from './final-override';
import { hiddenKeys } from './hidden-keys';
import { importCycle } from './import-cycle';
import { indexIntoText } from './index-into-text';
import { language } from './language';
import { mergedOverProvider } from './merged-over-provider';
import { misplacedKey } from './misplaced-key';
import { missingInEnvironment } from './missing-in-environment';
import { nullKeepsKey } from './null-keeps-key';
import { plaintextSecret } from './plaintext-secret';
import { programOutsideProjects } from './program-outside-projects';
import { redundantOverride } from './redundant-override';
import { silentAdditionalProperties } from './silent-additional-properties';
import { stackCycle } from './stack-cycle';
import { stackWithoutEnvironment } from './stack-without-environment';
import { strayStackFile } from './stray-stack-file';
import { syntax } from './syntax';
import { unknownEnvironment } from './unknown-environment';
import { unknownImport } from './unknown-import';
import { unknownOutput } from './unknown-output';
import { unknownReference } from './unknown-reference';
import { unknownStack } from './unknown-stack';
import { unqualifiedImport } from './unqualified-import';
import { unsafeEnvrc } from './unsafe-envrc';
import { unusableVariable } from './unusable-variable';
import { unusedEnvironment } from './unused-environment';
import { variableName } from './variable-name';

/** Every rule of `nx-esc check`. Each has a page in docs/check. */
export const RULES: readonly Rule[] = [
  crossEnvironmentValue,
  dangerousVariable,
  defaultEnvironment,
  deployCancelInProgress,
  deployTargetClash,
  differingType,
  envNotForwarded,
  environmentName,
  exposedCredential,
  finalOverride,
  hiddenKeys,
  importCycle,
  indexIntoText,
  language,
  mergedOverProvider,
  misplacedKey,
  missingInEnvironment,
  nullKeepsKey,
  plaintextSecret,
  programOutsideProjects,
  redundantOverride,
  silentAdditionalProperties,
  stackCycle,
  stackWithoutEnvironment,
  strayStackFile,
  syntax,
  unknownEnvironment,
  unknownImport,
  unknownOutput,
  unknownReference,
  unknownStack,
  unqualifiedImport,
  unsafeEnvrc,
  unusableVariable,
  unusedEnvironment,
  variableName,
];
