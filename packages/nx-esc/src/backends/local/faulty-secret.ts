import { formatPropertyPath, type Origin } from 'esc-eval';
import { secretIdOf } from '../../providers/asked-secret';

/** Names the secret of a store that a faulty value is; undefined where it is anything else. */
export function faultySecretOf(origin: Origin | undefined): string | undefined {
  if (origin?.value.secret !== true) return undefined;
  let source = origin;
  for (
    let [next] = source.ingredients;
    source.kind === 'reference' && next !== undefined;
    [next] = source.ingredients
  ) {
    source = next.origin;
  }
  const { provider, part } = source;
  // Outputs of stacks are made in the workspace.
  if (provider === undefined || provider.name === 'pulumi-stacks') return undefined;
  return `the secret "${secretIdOf(source) ?? formatPropertyPath(part)}" of ${provider.name}`;
}
