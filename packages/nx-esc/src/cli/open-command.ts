import { escapeControls } from '../failures/escape-controls';
import { startCliSession } from './cli-session';
import { type OpeningOptions, openForUser } from './opened-session';
import { createRenderer, type RenderOptions } from './render-opened';

export interface OpenCommandOptions extends OpeningOptions, RenderOptions {}

/** Prints an environment and nothing else on standard output; warnings go to standard error. */
export async function openCommand(options: OpenCommandOptions): Promise<void> {
  const render = createRenderer(options);
  const session = startCliSession(options.workspaceRoot, options.backend);
  try {
    // What is kept has no provenance, of which the detailed format consists.
    const refresh = options.refresh || options.format === 'detailed';
    const { root, filesFolder } = await openForUser(session, { ...options, refresh });
    const text = render(root, { filesFolder, allowedVariables: session.services.allowedVariables });
    process.stdout.write(process.stdout.isTTY ? escapeControls(text) : text);
  } finally {
    session.dispose();
  }
}
