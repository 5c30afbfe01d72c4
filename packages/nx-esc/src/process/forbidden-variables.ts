/** Variables by which an environment could take over the processes that it is given to. */
const FORBIDDEN =
  /^(?:PATH|LD_.*|DYLD_.*|NODE_OPTIONS|NODE_PATH|BASH_ENV|ENV|IFS|PROMPT_COMMAND|PYTHONPATH|PYTHONSTARTUP|PERL5OPT|PERL5LIB|RUBYOPT|GIT_SSH_COMMAND|GIT_SSH|SHELLOPTS)$/;

/** Tells whether a variable changes what every process runs. */
export function isTakingOver(name: string): boolean {
  return FORBIDDEN.test(name);
}
