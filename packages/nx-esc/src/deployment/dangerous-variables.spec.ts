import { dangerOfVariable } from './dangerous-variables';

test.each(
  'PATH LD_PRELOAD LD_LIBRARY_PATH DYLD_INSERT_LIBRARIES NODE_OPTIONS NODE_TLS_REJECT_UNAUTHORIZED BASH_ENV ENV IFS PS4 PROMPT_COMMAND PYTHONPATH PERL5OPT PERL5LIB RUBYOPT JAVA_TOOL_OPTIONS _JAVA_OPTIONS GIT_SSH_COMMAND GIT_CONFIG_COUNT npm_config_script_shell NPM_CONFIG_NODE_OPTIONS DOTNET_STARTUP_HOOKS CORECLR_PROFILER_PATH path'.split(
    ' ',
  ),
)('%s is dangerous', (name) => {
  expect(dangerOfVariable(name, 'linux')).toBeDefined();
});

test.each(
  'DATABASE_URL PATH_PREFIX MY_PATH ENVIRONMENT NODE_ENV HOME AWS_REGION PULUMI_CONFIG_PASSPHRASE GIT_COMMIT PYTHONUNBUFFERED Path'.split(
    ' ',
  ),
)('%s is not', (name) => {
  expect(dangerOfVariable(name, 'linux')).toBeUndefined();
});

test('Windows does not tell cases apart', () => {
  expect(dangerOfVariable('Path', 'win32')).toBeDefined();
});
