import { Failure } from '../failures/failure';

interface Danger {
  readonly names: RegExp;
  /** What a process does with them. */
  readonly because: string;
}

/**
 * Variables by which whoever writes an environment would take over the processes that it is given to: they name code to
 * load, commands to run, or trust to give up. The names are those of the documentation of each program. Not here: what
 * merely configures (`HOME`, `TMPDIR`, `LANG`, proxies).
 */
const DANGERS: readonly Danger[] = [
  {
    names: /^(?:PATH|PATHEXT|CDPATH|COMSPEC|SHELL|path|cdpath)$/,
    because: 'it decides which programs are run',
  },
  {
    names:
      /^(?:LD_.*|DYLD_.*|_RLD.*|LIBPATH|SHLIB_PATH|GLIBC_TUNABLES|GCONV_PATH|OPENSSL_(?:CONF|ENGINES|MODULES)|SSLKEYLOGFILE)$/,
    because: 'it decides which libraries are loaded, or writes down keys',
  },
  {
    names:
      /^(?:BASH_ENV|ENV|IFS|PROMPT_COMMAND|SHELLOPTS|BASHOPTS|BASH_LOADABLES_PATH|PS[0-4]|KSH_ENV|ZDOTDIR|FPATH|fpath|module_path)$/,
    because: 'it is run, or changes what is run, by every shell',
  },
  {
    names: /^NODE_(?:OPTIONS|PATH|EXTRA_CA_CERTS|TLS_REJECT_UNAUTHORIZED|REPL_EXTERNAL_MODULE)$|^(?:BUN|DENO)_OPTIONS$/,
    because: 'it is read by every process of Node.js',
  },
  {
    names: /^PYTHON(?:PATH|HOME|STARTUP|WARNINGS|BREAKPOINT|INSPECT|USERBASE|EXECUTABLE|PYCACHEPREFIX)$/,
    because: 'it is read by every process of Python',
  },
  {
    names:
      /^(?:PERL5?LIB|PERL5OPT|PERL5DB|RUBYOPT|RUBYLIB|GEM_HOME|GEM_PATH|BUNDLE_GEMFILE|LUA_(?:INIT|PATH|CPATH)(?:_\d_\d)?|PHPRC|PHP_INI_SCAN_DIR|ERL_A?FLAGS|ERL_ZFLAGS)$/,
    because: 'it is read by every process of its language',
  },
  {
    names:
      /^(?:_?JAVA_(?:TOOL_)?OPTIONS|JDK_JAVA_OPTIONS|CLASSPATH|(?:MAVEN|GRADLE|SBT|ANT)_OPTS|MAVEN_ARGS|DOTNET_STARTUP_HOOKS|DOTNET_ADDITIONAL_DEPS|COR(?:ECLR)?_(?:ENABLE_PROFILING|PROFILER.*))$/,
    because: 'it is read by every process of the JVM or .NET',
  },
  {
    names: /^(?:GOFLAGS|GOTOOLCHAIN|RUSTC_WRAPPER|RUSTC|RUSTFLAGS|CC|CXX|GNUMAKEFLAGS|MAKEFLAGS)$/,
    because: 'it is run by compilers',
  },
  {
    names:
      /^(?:GIT_(?:SSH|SSH_COMMAND|ASKPASS|EDITOR|SEQUENCE_EDITOR|PAGER|EXTERNAL_DIFF|EXEC_PATH|TEMPLATE_DIR|PROXY_COMMAND|CONFIG.*|SSL_NO_VERIFY)|SSH_ASKPASS|SUDO_ASKPASS)$/,
    because: 'it is run, or trusted, by git',
  },
  { names: /^(?:EDITOR|VISUAL|PAGER|MANPAGER|LESSOPEN|LESSCLOSE|BROWSER)$/, because: 'it is run by many programs' },
  // npm reads them in any case: `npm_config_script_shell`, `npm_config_node_options`, `npm_config_registry`.
  { names: /^npm_config_.*$/i, because: 'it is read by npm' },
];

/** Says why a variable may not be set by an environment; undefined where it may. Windows does not tell cases apart. */
export function dangerOfVariable(name: string, platform: NodeJS.Platform = process.platform): string | undefined {
  const names = platform === 'win32' ? [name, name.toUpperCase()] : [name];
  return DANGERS.find((danger) => names.some((each) => danger.names.test(each)))?.because;
}

/**
 * Refuses a variable that changes what every process runs, unless it is allowed by its name.
 *
 * @throws Failure config/variable-not-allowed
 */
export function assertVariableAllowed(name: string, allowedVariables: readonly string[]): void {
  const danger = dangerOfVariable(name);
  if (danger === undefined || allowedVariables.includes(name)) return;
  throw new Failure({
    class: 'config',
    code: 'variable-not-allowed',
    message: `an environment may not set ${name}: ${danger}`,
    hint: `set it where the command is run, or allow it: "allowVariables": ["${name}"] in the options of nx-esc in nx.json`,
  });
}
