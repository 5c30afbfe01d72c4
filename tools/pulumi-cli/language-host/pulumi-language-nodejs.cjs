'use strict';

// Serves Pulumi's LanguageRuntime service for Node.js programs, with the stubs of the program's own @pulumi/pulumi. It
// stands in for the language host of the official distribution where that cannot be had, and does what deploying a
// program needs: no code generation, no package management.
const { spawn } = require('node:child_process');
const { existsSync, readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { connect } = require('node:net');
const { dirname, join } = require('node:path');

/** How often it is looked whether the engine is still there. */
const ENGINE_CHECK_MS = 1000;
/** The exit code by which a program says that it has told the user what is wrong. */
const USER_WAS_TOLD = 32;

const engineAddress = process.argv.slice(2).find((arg) => !arg.startsWith('-')) ?? '';
const sdk = loadSdk(process.cwd());
const { grpc, language, languageServices, plugin, empty } = sdk;
const children = new Set();

function loadSdk(folder) {
  const load = createRequire(join(folder, 'noop.js'));
  try {
    const root = dirname(load.resolve('@pulumi/pulumi/package.json'));
    const loadFromSdk = createRequire(join(root, 'noop.js'));
    return {
      root,
      grpc: loadFromSdk('@grpc/grpc-js'),
      empty: loadFromSdk('google-protobuf/google/protobuf/empty_pb.js'),
      language: loadFromSdk('./proto/language_pb.js'),
      languageServices: loadFromSdk('./proto/language_grpc_pb.js'),
      plugin: loadFromSdk('./proto/plugin_pb.js'),
    };
  } catch (error) {
    console.error(
      `the program in ${folder} does not depend on @pulumi/pulumi, or it is not installed: ${error.message}`,
    );
    return process.exit(1);
  }
}

const service = {
  handshake: (_call, reply) => reply(null, new language.LanguageHandshakeResponse()),
  getRequiredPlugins: (_call, reply) => reply(null, new language.GetRequiredPluginsResponse()),
  getRequiredPackages: (_call, reply) => reply(null, new language.GetRequiredPackagesResponse()),
  installDependencies: (call) => call.end(),
  runtimeOptionsPrompts: (_call, reply) => reply(null, new language.RuntimeOptionsResponse()),
  getProgramDependencies: (_call, reply) => reply(null, new language.GetProgramDependenciesResponse()),
  cancel: (_call, reply) => {
    for (const child of children) child.kill('SIGINT');
    reply(null, new empty.Empty());
  },
  getPluginInfo: (_call, reply) => {
    const info = new plugin.PluginInfo();
    info.setVersion(JSON.parse(readFileSync(join(sdk.root, 'package.json'), 'utf8')).version);
    reply(null, info);
  },
  about: (_call, reply) => {
    const response = new language.AboutResponse();
    response.setExecutable(process.execPath);
    response.setVersion(process.version);
    reply(null, response);
  },
  run: (call, reply) => {
    runProgram(call.request).then(
      ({ code, signal }) => {
        const response = new language.RunResponse();
        if (code === USER_WAS_TOLD) response.setBail(true);
        else if (code !== 0)
          response.setError(
            `Program exited with ${code === null ? `signal ${signal}` : `non-zero exit code: ${code}`}`,
          );
        reply(null, response);
      },
      (error) => reply(error),
    );
  },
};

function runProgram(request) {
  const info = request.getInfo();
  const options = info?.getOptions()?.toJavaScript() ?? {};
  const entryPoint = info?.getEntryPoint() || request.getProgram() || '.';
  const flags = {
    monitor: request.getMonitorAddress(),
    engine: engineAddress,
    project: request.getProject(),
    stack: request.getStack(),
    pwd: request.getPwd(),
    organization: request.getOrganization(),
    'root-directory': info?.getRootDirectory() ?? '',
    parallel: String(request.getParallel()),
    'dry-run': request.getDryrun() ? 'true' : '',
  };
  const args = Object.entries(flags).flatMap(([name, value]) =>
    value === '' ? [] : name === 'dry-run' ? ['--dry-run'] : [`--${name}`, value],
  );
  const runner = join(sdk.root, 'cmd', 'run', 'index.js');
  if (!existsSync(runner)) throw new Error(`${runner} is missing: reinstall @pulumi/pulumi`);
  const child = spawn(process.execPath, [...nodeArgs(options), runner, ...args, entryPoint, ...request.getArgsList()], {
    cwd: info?.getProgramDirectory() || request.getPwd(),
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toArray())),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
      PULUMI_NODEJS_TYPESCRIPT: String(options.typescript ?? true),
    },
  });
  children.add(child);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      children.delete(child);
      resolve({ code, signal });
    });
  });
}

function nodeArgs(options) {
  return typeof options.nodeargs === 'string' ? options.nodeargs.split(/\s+/).filter(Boolean) : [];
}

// The engine ends its plugins with SIGINT, and waits ten seconds for them to go.
process.on('SIGINT', () => end('SIGINT'));

// One that was killed, or was gone before this process could take signals, ends nothing: its address answers no more.
if (engineAddress !== '') setInterval(endWithEngine, ENGINE_CHECK_MS).unref();

function endWithEngine() {
  const [host, port] = engineAddress.split(':');
  const socket = connect({ host, port: Number(port) }, () => socket.destroy());
  socket.once('error', ({ code }) => code === 'ECONNREFUSED' && end('SIGKILL'));
}

function end(signal) {
  for (const child of children) child.kill(signal);
  process.exit(0);
}

const server = new grpc.Server({ 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 });
const unimplemented = Object.fromEntries(
  Object.keys(languageServices.LanguageRuntimeService).map((name) => [
    name,
    (_call, reply) => reply?.({ code: grpc.status.UNIMPLEMENTED, message: `${name} is not implemented` }),
  ]),
);
server.addService(languageServices.LanguageRuntimeService, { ...unimplemented, ...service });
server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  console.log(String(port));
});
