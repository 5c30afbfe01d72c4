/** The name of the environment variable for a property: `ecsClusterName` and `ecs-cluster-name` become `ECS_CLUSTER_NAME`. */
export function variableNameOf(property: string): string {
  const name = property
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase();
  return /^[0-9]/.test(name) ? `_${name}` : name;
}
