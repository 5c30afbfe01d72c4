export { createDependencies, createNodes, createNodesV2, name } from './plugin';
export type { NxEscPluginOptions } from './workspace/plugin-options';
export type { ProviderModule, ProviderModuleContext } from './providers/module/provider-module';
export { Failure } from './failures/failure';
export type { FailureClass, FailureDetails } from './failures/failure';
