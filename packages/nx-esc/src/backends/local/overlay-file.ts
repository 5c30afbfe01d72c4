/** The file of someone's own that is merged over an environment's file: `dev.local.yaml` beside `dev.yaml`. */
export function overlayFileOf(file: string): string {
  return file.replace(/(\.ya?ml)$/, '.local$1');
}
