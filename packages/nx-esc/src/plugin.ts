export { createDependencies } from './graph/create-dependencies';
export { createNodes, createNodesV2 } from './graph/create-nodes';

export const name = 'nx-esc';
